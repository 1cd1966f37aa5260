import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../fresh-database.ts';
import { type RunningServer, requireServer, startRedis } from '../servers.ts';
import { crashFolder, dieEverywhere, portions } from './die-everywhere.ts';

describe.skipIf(!requireServer('postgres') || !requireServer('redis'))(
  'killed at every failpoint, on Postgres and Redis',
  () => {
    let redis: RunningServer;
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterAll(async () => {
      await redis.stop();
    });

    it.concurrent.for(portions)('$title', { timeout: 300_000 }, async (portion) => {
      const folder = crashFolder();
      try {
        const backend = { DB: await freshDatabase(), REDIS: redis.url };
        expect(await dieEverywhere(folder, portion, backend)).toEqual([]);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  },
);
