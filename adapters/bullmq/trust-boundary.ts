import type { PgPool } from 'bullmq';

/** A pool of the package `pg`, as far as it is looked at here. */
export interface SqlPool {
  query(text: string, params?: unknown[]): Promise<{ readonly rows: unknown[] }>;
  connect(): Promise<{ release(destroy?: boolean): void }>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/**
 * A pool of `pg` is what BullMQ wants, but their declarations differ in how they write down the
 * listeners. The one unchecked step of this adapter.
 */
export function bullPool(pool: SqlPool): PgPool {
  return pool as unknown as PgPool;
}
