import { createHash } from 'node:crypto';
import { Fault } from '#core/fault.ts';
import type { Database, DatabaseSession } from '#ports/database.ts';
import { type Migration, migrations } from './migrations.ts';
import { rowsOf } from './trust-boundary.ts';

/** Any number, the same for ever: who holds it is migrating. */
const migrationLock = 7_425_001;

/**
 * Brings the schema to the newest version and returns the names of the migrations it ran. Safe to
 * call from several processes at once; all pending migrations commit together or not at all.
 * @throws Fault `store.corrupt` when the database was migrated by a newer or a different Signalbox.
 */
export async function migrate(database: Database): Promise<readonly string[]> {
  const session = await database.connect();
  try {
    await session.query('BEGIN; SET LOCAL statement_timeout = 0');
    await session.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
    await session.query(preparation);
    const pending = await pendingIn(session);
    for (const migration of pending) {
      await session.query(migration.sql);
      await session.query(
        'INSERT INTO signalbox.migration (number, name, sha256) VALUES ($1, $2, $3)',
        [migration.number, migration.name, sha256(migration)],
      );
    }
    await session.query('COMMIT');
    session.release();
    return pending.map((migration) => migration.name);
  } catch (error) {
    session.release(true);
    throw error;
  }
}

const preparation = `
  CREATE SCHEMA IF NOT EXISTS signalbox;
  CREATE TABLE IF NOT EXISTS signalbox.migration (
    number integer PRIMARY KEY,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
  );
`;

async function pendingIn(session: DatabaseSession): Promise<readonly Migration[]> {
  const encoding = await session.query(`SELECT current_setting('server_encoding') AS name`);
  if (rowsOf<{ readonly name: string }>(encoding)[0]?.name !== 'UTF8') {
    throw unfit('The encoding of the database must be UTF8');
  }
  const done = rowsOf<{ readonly number: number; readonly sha256: string }>(
    await session.query('SELECT number, sha256 FROM signalbox.migration'),
  );
  for (const { number, sha256: hash } of done) {
    const known = migrations.find((migration) => migration.number === number);
    if (known === undefined) throw unfit('The database was migrated by a newer Signalbox');
    if (sha256(known) !== hash) throw unfit('The database was migrated by a different Signalbox');
  }
  const last = Math.max(0, ...done.map((migration) => migration.number));
  return migrations.filter((migration) => migration.number > last);
}

function unfit(message: string): Fault {
  return new Fault('store.corrupt', message, { retryable: false });
}

function sha256(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex');
}
