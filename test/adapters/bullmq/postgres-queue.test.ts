import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { describe } from 'vitest';
import { createBullQueue } from '#adapters/bullmq/bull-queue.ts';
import { openPostgresBackend } from '#adapters/bullmq/postgres-backend.ts';
import { queuePoolSettings } from '#adapters/bullmq/queue-pool.ts';
import { queueContract } from '../../contracts/queue.ts';
import { freshDatabase } from '../../fresh-database.ts';
import { requireServer } from '../../servers.ts';
import { silentLog as log, silentTelemetry as telemetry } from '../silent.ts';
import { killConsumer } from './kill-consumer.ts';

const leaseMs = 2000;

describe.skipIf(!requireServer('postgres'))('with Postgres', () => {
  queueContract('BullMQ on Postgres', async () => {
    const connectionString = await freshDatabase();
    const pool = new pg.Pool({ connectionString, ...queuePoolSettings, max: 12 });
    const open = async () =>
      createBullQueue({
        backend: await openPostgresBackend({ pool, log }),
        clock: { now: Date.now },
        log,
        telemetry,
        leaseMs,
      });
    const queue = await open();
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
        await killConsumer(connectionString, leaseMs);
      },
      close: async () => {
        await queue.close();
        await pool.end();
      },
    };
  });
});
