import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { queuePoolSettings } from '#adapters/bullmq/queue-pool.ts';
import { openPglite, type Pglite, type PgliteOptions } from '#adapters/pglite/pglite.ts';
import { migrate } from '#adapters/postgres/migrate.ts';
import { migrations } from '#adapters/postgres/migrations.ts';
import { openPostgres } from '#adapters/postgres/open.ts';
import { silentLog } from '../silent.ts';

const bullmq = readFileSync(new URL(import.meta.resolve('bullmq/package.json')), 'utf8');

export interface TemporaryPglite {
  readonly pglite: Pglite;
  readonly directory: string;
  /** Closes it, or the one that was opened there since, and removes the files. */
  remove(opened?: Pglite): Promise<void>;
}

/** A database of its own; creation takes seconds, so a template is made once and copied. */
export async function temporaryPglite(
  options: Omit<PgliteOptions, 'directory' | 'log'> = {},
  files: () => Promise<string> = pgliteTemplate,
): Promise<TemporaryPglite> {
  const directory = mkdtempSync(join(tmpdir(), 'signalbox-pglite-'));
  cpSync(await files(), join(directory, 'data'), { recursive: true });
  const pglite = await openPglite({ directory, log: silentLog, ...options });
  return {
    pglite,
    directory,
    remove: async (opened = pglite) => {
      await opened.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Lays a migrated database where the product would make one in its data folder at its first start. */
export async function layDatabase(dataFolder: string): Promise<void> {
  const data = join(dataFolder, 'database', 'data');
  cpSync(await migratedTemplate(), data, { recursive: true });
}

/** The files of an empty database, made once for all runs. */
export function pgliteTemplate(): Promise<string> {
  return template(
    'pglite-template',
    () => {},
    async () => {},
  );
}

/** The files of a database as the product leaves it after its first start, made once for a schema. */
export async function migratedTemplate(): Promise<string> {
  const empty = await pgliteTemplate();
  const schema = createHash('sha256').update(bullmq);
  for (const { sql } of migrations) schema.update(sql);
  const name = `pglite-migrated-${schema.digest('hex').slice(0, 12)}`;
  const lay = (data: string): void => cpSync(empty, data, { recursive: true });
  return template(name, lay, async (pglite) => {
    const database = openPostgres({ stream: pglite.connect, log: silentLog });
    await migrate(database);
    // Nothing is made from these here, and they are two thirds of the files.
    for (const unused of ['template0', 'template1']) {
      await database.query(
        `UPDATE pg_database SET datistemplate = false WHERE datname = '${unused}'`,
      );
      await database.query(`DROP DATABASE ${unused}`);
    }
    await database.end();
    const pool = new pg.Pool({ stream: pglite.connect, ssl: false, ...queuePoolSettings });
    // Made once for all runs: those who only copy it need no queue.
    const { openPostgresBackend } = await import('#adapters/bullmq/postgres-backend.ts');
    await openPostgresBackend({ pool, log: silentLog });
    await pool.end();
  });
}

/** Files that are made once and kept under a name. */
async function template(
  name: string,
  lay: (data: string) => void,
  fill: (pglite: Pglite) => Promise<void>,
): Promise<string> {
  const cache = join(import.meta.dirname, '../../../node_modules/.cache/signalbox');
  const made = join(cache, name);
  if (existsSync(made)) return made;
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, 'making-'));
  lay(join(directory, 'data'));
  const pglite = await openPglite({ directory, log: silentLog });
  await fill(pglite);
  await pglite.close();
  try {
    renameSync(join(directory, 'data'), made);
  } catch (error) {
    // Another test file was faster.
    if (!existsSync(made)) throw error;
  }
  rmSync(directory, { recursive: true, force: true });
  return made;
}
