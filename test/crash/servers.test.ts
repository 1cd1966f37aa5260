import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../fresh-database.ts';
import { type RunningServer, requireServer, startRedis } from '../servers.ts';
import { crashFolder, dieEverywhere, everywhere } from './die-everywhere.ts';

describe.skipIf(!requireServer('postgres') || !requireServer('redis'))(
  'on Postgres and Redis',
  () => {
    let redis: RunningServer;
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterAll(async () => {
      await redis.stop();
    });

    it('is killed at every failpoint', { timeout: 300_000 }, async () => {
      const folder = crashFolder();
      try {
        const backend = { DB: await freshDatabase(), REDIS: redis.url };
        expect(await dieEverywhere(folder, everywhere, backend)).toEqual([]);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  },
);
