import { randomUUID } from 'node:crypto';
import type { Database } from '#ports/database.ts';
import type { Log } from '#ports/log.ts';

const leaseSeconds = 10;
const renewMs = 3000;

/**
 * Runs the work while holding the lease; false when another holds it. The lease is renewed while
 * the work runs and runs out by the database's clock when this process dies. It keeps two from
 * doing the same for nothing; what must not be done twice is kept by fences.
 */
export async function whileHolding(
  database: Database,
  log: Log,
  name: string,
  work: () => Promise<void>,
): Promise<boolean> {
  const holder = randomUUID();
  const taken = await database.query(
    `INSERT INTO signalbox.lease AS l (name, holder, until)
    VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3))
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
    WHERE l.until < clock_timestamp()`,
    [name, holder, leaseSeconds],
  );
  if (taken.rowCount === 0) return false;
  const renewal = setInterval(() => {
    database
      .query(
        `UPDATE signalbox.lease SET until = clock_timestamp() + make_interval(secs => $3)
        WHERE name = $1 AND holder = $2`,
        [name, holder, leaseSeconds],
      )
      .catch((error: unknown) => log.warn('A lease could not be renewed', { error, name }));
  }, renewMs).unref();
  try {
    await work();
    return true;
  } finally {
    clearInterval(renewal);
    await database
      .query('DELETE FROM signalbox.lease WHERE name = $1 AND holder = $2', [name, holder])
      .catch((error: unknown) => log.warn('A lease could not be given back', { error, name }));
  }
}

/** Ends all leases: for a database that only this process can be using. */
export async function endLeases(database: Database): Promise<void> {
  await database.query('DELETE FROM signalbox.lease');
}
