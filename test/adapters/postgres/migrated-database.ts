import { migrate } from '#adapters/postgres/migrate.ts';
import { openPostgres } from '#adapters/postgres/open.ts';
import type { Database } from '#ports/database.ts';
import { freshDatabase } from '../../fresh-database.ts';
import { silentLog } from '../pglite/silent-log.ts';
import { migratedTemplate, temporaryPglite } from '../pglite/temporary-pglite.ts';

export interface MigratedDatabase {
  readonly database: Database;
  /** Undefined for the embedded one. */
  readonly url?: string;
  close(): Promise<void>;
}

/** A migrated database of its own on the real server of this run. */
export async function serverDatabase(): Promise<MigratedDatabase> {
  const url = await freshDatabase();
  const database = openPostgres({ url, log: silentLog });
  await migrate(database);
  return { database, url, close: () => database.end() };
}

/** A migrated embedded database of its own. */
export async function embeddedDatabase(): Promise<MigratedDatabase> {
  const { pglite, remove } = await temporaryPglite({}, migratedTemplate);
  const database = openPostgres({ stream: pglite.connect, log: silentLog });
  return {
    database,
    async close() {
      await database.end();
      await remove();
    },
  };
}
