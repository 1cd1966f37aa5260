import {
  createPostgresBackend,
  type PgPool,
  type PostgresConnectionOptions,
  type PostgresQueueBackend,
  runMigrations,
} from 'bullmq';
import type { Log } from '#ports/log.ts';
import type { BullBackend } from './bull-backend.ts';
import { complaints } from './complaints.ts';
import { answerWithin } from './deadline.ts';
import { steadyPool } from './steady-pool.ts';
import { bullPool, type SqlPool } from './trust-boundary.ts';

/**
 * Uses Postgres, the embedded one included, and creates or updates the queue's tables. The pool is
 * the queue's own (see `queuePoolSettings`), so that leases are renewed when others use theirs up;
 * it is ended by whoever made it.
 * @throws Fault `queue.unavailable`
 */
export async function openPostgresBackend(options: {
  readonly pool: SqlPool;
  readonly log: Log;
}): Promise<BullBackend<PostgresQueueBackend, PostgresConnectionOptions>> {
  const pool = steadyPool(bullPool(options.pool), complaints(options.log));
  await answerWithin(30_000, migrate(pool));
  return {
    factory: createPostgresBackend,
    producer: pool,
    consumer: () => pool,
    ping: () => pool.query('SELECT 1'),
    close: async () => {},
  };
}

async function migrate(pool: PgPool): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client);
  } finally {
    client.release();
  }
}
