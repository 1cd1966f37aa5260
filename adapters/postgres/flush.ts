import type { Queryable } from '#ports/database.ts';

/** Waits until everything that was committed before the call is on disk. */
export type Flush = () => Promise<void>;

/**
 * Appends commit asynchronously, so that nobody waits for the disk while holding the one place
 * where the ledger grows (locks are given up early; with a synchronous commit eight writers reach
 * a third of the rate). This is the other half: a small synchronous transaction whose commit takes
 * all earlier ones to disk with it. Callers that come while one is under way share the next.
 */
export function createFlush(database: Queryable): Flush {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;

  async function start(): Promise<void> {
    next = null;
    await database.query("SELECT pg_logical_emit_message(true, 'signalbox', '')", []);
  }

  function run(): Promise<void> {
    const mine = start().finally(() => {
      if (running === mine) running = null;
    });
    running = mine;
    return mine;
  }

  return () => {
    if (running === null) return run();
    next ??= running.then(run, run);
    return next;
  };
}
