import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { migrate } from '#adapters/postgres/migrate.ts';
import { migrations } from '#adapters/postgres/migrations.ts';
import { openPostgres } from '#adapters/postgres/open.ts';
import type { Database } from '#ports/database.ts';
import { freshDatabase } from '../../fresh-database.ts';
import { requireServer } from '../../servers.ts';
import { silentLog } from '../pglite/silent-log.ts';

function open(url: string): Database {
  const database = openPostgres({ url, log: silentLog });
  onTestFinished(() => database.end());
  return database;
}

describe.skipIf(!requireServer('postgres'))('migrate', () => {
  it('brings an empty database to the newest version once, whoever asks at once', async () => {
    const url = await freshDatabase();
    const ran = await Promise.all([open(url), open(url), open(url)].map(migrate));
    const names = migrations.map((migration) => migration.name);
    expect(ran.filter((each) => each.length > 0)).toEqual([names]);
    const { rows } = await open(url).query('SELECT number FROM signalbox.migration ORDER BY 1');
    expect(rows.map((row) => row['number'])).toEqual(migrations.map(({ number }) => number));
  });

  it.each([
    ['newer', `INSERT INTO signalbox.migration (number, name, sha256) VALUES (9999, 'x', 'x')`],
    ['different', `UPDATE signalbox.migration SET sha256 = 'x' WHERE number = 1`],
  ])('refuses a database of a %s Signalbox', async (word, sql) => {
    const database = open(await freshDatabase());
    await migrate(database);
    await database.query(sql);
    await expect(migrate(database)).rejects.toMatchObject({
      code: 'store.corrupt',
      message: expect.stringContaining(word),
    });
  });

  it('refuses a database that does not hold UTF-8, and leaves nothing behind', async () => {
    const url = new URL(await freshDatabase());
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    await client.query(
      `CREATE DATABASE ${url.pathname.slice(1)}_ascii ENCODING 'SQL_ASCII' TEMPLATE template0`,
    );
    await client.end();
    const database = open(`${url.href}_ascii`);
    await expect(migrate(database)).rejects.toMatchObject({ code: 'store.corrupt' });
    const { rows } = await database.query(`SELECT to_regnamespace('signalbox') AS schema`);
    expect(rows).toEqual([{ schema: null }]);
  });
});
