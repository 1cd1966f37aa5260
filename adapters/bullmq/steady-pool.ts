import { EventEmitter } from 'node:events';
import type { PgPool, PgQueryResult } from 'bullmq';

/**
 * A pool as BullMQ's Postgres backend should see it. An outage is told in the one form that BullMQ
 * takes for an outage, so that it waits before it tries again: any other error makes its loop turn
 * without a pause. Listeners are kept here, because BullMQ removes all of a pool's on closing.
 */
export function steadyPool(pool: PgPool, complain: (error: unknown) => void): PgPool {
  const emitter = new EventEmitter();
  emitter.on('error', complain);
  pool.on('error', (error) => emitter.emit('error', error));

  async function steadily<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (!isOutage(error)) throw error;
      complain(error);
      const outage = new Error('Connection is closed.', { cause: error });
      throw Object.assign(outage, { code: 'ECONNREFUSED' });
    }
  }

  const steady: PgPool = {
    query: <R>(text: string, params?: readonly unknown[]): Promise<PgQueryResult<R>> =>
      steadily(pool.query<R>(text, params)),
    connect: () => steadily(pool.connect()),
    end: async () => {},
    on: () => steady,
    removeAllListeners: () => steady,
  };
  return steady;
}

/** True for what passes by itself: everything but the considered answer of a healthy server. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error) || !('severity' in error) || !('code' in error)) return true;
  // By SQLSTATE: connection, lost races, insufficient resources, shutdown and start-up.
  return /^(?:08|40|53|57P0[123])/.test(String(error.code));
}
