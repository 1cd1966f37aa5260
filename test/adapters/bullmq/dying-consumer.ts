import pg from 'pg';
import { createBullQueue } from '#adapters/bullmq/bull-queue.ts';
import { openPostgresBackend } from '#adapters/bullmq/postgres-backend.ts';
import { queuePoolSettings } from '#adapters/bullmq/queue-pool.ts';
import { openRedisBackend } from '#adapters/bullmq/redis-backend.ts';
import { openPglite } from '#adapters/pglite/pglite.ts';
import type { Queue } from '#ports/queue.ts';
import { silentLog as log, silentTelemetry as telemetry } from '../silent.ts';

/** Takes one wake, says so and never ends: the test kills it in the middle of the handler. */
const [, , where = '', leaseMs = ''] = process.argv;
const queue = await open();
await queue.consume(async () => {
  process.stdout.write('taken\n');
  await new Promise(() => {});
}, 1);

async function open(): Promise<Queue> {
  const common = { clock: { now: Date.now }, log, telemetry, leaseMs: Number(leaseMs) };
  if (where.startsWith('redis:')) {
    return createBullQueue({ ...common, backend: await openRedisBackend({ url: where, log }) });
  }
  const pool = where.startsWith('postgres:')
    ? new pg.Pool({ connectionString: where, ...queuePoolSettings })
    : new pg.Pool({
        stream: (await openPglite({ directory: where, log })).connect,
        ...queuePoolSettings,
      });
  return createBullQueue({ ...common, backend: await openPostgresBackend({ pool, log }) });
}
