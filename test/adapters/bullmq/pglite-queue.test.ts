import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe } from 'vitest';
import { createBullQueue } from '#adapters/bullmq/bull-queue.ts';
import { openPostgresBackend } from '#adapters/bullmq/postgres-backend.ts';
import { queuePoolSettings } from '#adapters/bullmq/queue-pool.ts';
import { openPglite } from '#adapters/pglite/pglite.ts';
import { queueContract } from '../../contracts/queue.ts';
import { type TemporaryPglite, temporaryPglite } from '../pglite/temporary-pglite.ts';
import { silentLog as log, silentTelemetry as telemetry } from '../silent.ts';
import { killConsumer } from './kill-consumer.ts';

const leaseMs = 2000;

describe('with the embedded database', () => {
  let embedded: TemporaryPglite;
  let pglite: TemporaryPglite['pglite'];
  beforeAll(async () => {
    embedded = await temporaryPglite();
    pglite = embedded.pglite;
  });
  afterAll(() => embedded.remove(pglite));

  queueContract('BullMQ on PGlite', async () => {
    let pool = poolOf();
    let queue = await open();
    await pool.query('TRUNCATE job CASCADE');

    function poolOf(): pg.Pool {
      return new pg.Pool({ stream: pglite.connect, ...queuePoolSettings, max: 12 });
    }
    async function open() {
      const backend = await openPostgresBackend({ pool, log });
      return createBullQueue({ backend, clock: { now: Date.now }, log, telemetry, leaseMs });
    }
    async function close() {
      await queue.close();
      await pool.end();
    }
    return {
      queue: () => queue,
      another: open,
      now: Date.now,
      pass: (ms) => delay(ms),
      flush: async () => {
        await pool.query('TRUNCATE job CASCADE');
      },
      crashWhileHandling: async (wake) => {
        await queue.wake(wake, null);
        await close();
        await pglite.close();
        await killConsumer(embedded.directory, leaseMs);
        pglite = await openPglite({ directory: embedded.directory, log });
        pool = poolOf();
        queue = await open();
      },
      close,
    };
  });
});
