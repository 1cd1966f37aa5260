import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { openPglite } from '#adapters/pglite/pglite.ts';
import { createHistory } from '#adapters/postgres/history.ts';
import { migrate } from '#adapters/postgres/migrate.ts';
import { openPostgres } from '#adapters/postgres/open.ts';
import { createStore } from '#adapters/postgres/store.ts';
import { createCheckpoints } from '#app/checkpoint.ts';
import { createHalt } from '#app/halt.ts';
import { openAuditing } from '#boot/auditing.ts';
import { openCrypto } from '#boot/installation-keys.ts';
import { loadConfiguration } from '#config.ts';
import type { Database } from '#ports/database.ts';
import { silentLog } from '../adapters/pglite/silent-log.ts';
import { layDatabase } from '../adapters/pglite/temporary-pglite.ts';
import { another, asAttacker, fill, reset } from '../app/audit/auditor-kit.ts';
import { freshDatabase } from '../fresh-database.ts';
import { requireServer } from '../servers.ts';

/** An installation as a process finds it: its data folder, and its database where that is a server. */
interface Installation {
  readonly folder: string;
  readonly url: string | undefined;
}
type Work = (database: Database) => Promise<unknown>;

const main = join(import.meta.dirname, '../../src/main.ts');
const compiled = join(import.meta.dirname, '../../node_modules/.cache/signalbox/compiled');

function variablesOf({ folder, url }: Installation): Readonly<Record<string, string>> {
  return { SIGNALBOX_DATA: folder, ...(url === undefined ? {} : { DATABASE_URL: url }) };
}

/** Types `signalbox audit …` and says what came. */
function audit(
  place: Installation,
  ...words: readonly string[]
): Promise<{ readonly code: number; readonly said: string }> {
  const env = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: compiled, ...variablesOf(place) };
  return new Promise((resolve) => {
    const args = ['--liftoff-only', main, 'audit', ...words];
    const child = execFile(process.execPath, args, { env, cwd: place.folder }, (_, out, err) => {
      resolve({ code: child.exitCode ?? -1, said: out + err });
    });
  });
}

/** Does something in the database while nobody else has it open. */
async function within({ folder, url }: Installation, work: Work): Promise<void> {
  const directory = join(folder, 'database');
  const pglite = url === undefined ? await openPglite({ directory, log: silentLog }) : null;
  const way = pglite === null ? { url: url ?? '' } : { stream: pglite.connect };
  const database = openPostgres({ ...way, log: silentLog });
  await work(database);
  await database.end();
  await pglite?.close();
}

/** Adds events, and has them signed and anchored with the keys of the installation. */
async function grow(place: Installation, database: Database, events: number): Promise<void> {
  await fill(createStore(database, { log: silentLog }), events);
  const loaded = loadConfiguration({ folder: place.folder, variables: variablesOf(place) });
  if (!loaded.ok) throw new Error(loaded.report);
  const auditing = openAuditing(loaded.value, openCrypto(loaded.value).crypto, []);
  const checkpoints = createCheckpoints({
    history: createHistory(database),
    ...auditing,
    halt: createHalt(silentLog),
    clock: { now: () => 0 },
    log: silentLog,
  });
  await checkpoints.make();
}

const sql = (text: string) => (database: Database) => asAttacker(database, text);

const tampering: readonly (readonly [string, Work, string])[] = [
  [
    'an edited row',
    sql(`UPDATE signalbox.ledger SET bytes = ${another} WHERE seq = 17`),
    'edited at event 17',
  ],
  ['a deleted row', sql('DELETE FROM signalbox.ledger WHERE seq = 17'), 'gap at event 17'],
  [
    'a tail that was cut off, its checkpoints too',
    sql(`DELETE FROM signalbox.ledger WHERE seq > 30;
      DELETE FROM signalbox.checkpoint WHERE size > 30`),
    'cut: ',
  ],
  [
    'a chain that was written anew',
    async (database) => {
      await asAttacker(database, reset);
      await fill(createStore(database, { log: silentLog }), 45, 'lies');
    },
    'rewritten: ',
  ],
];

const home = mkdtempSync(join(tmpdir(), 'signalbox-audit-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** The same installation twice over: what one does the other does not see. */
async function copyOf(place: Installation, name: string): Promise<Installation> {
  const folder = join(home, name);
  cpSync(place.folder, folder, { recursive: true });
  if (place.url === undefined) return { folder, url: undefined };
  const database = `${new URL(place.url).pathname.slice(1)}_${name.replaceAll('-', '_')}`;
  const server = openPostgres({ url: place.url.replace(/[^/]*$/, 'postgres'), log: silentLog });
  await server.query(
    `CREATE DATABASE ${database} TEMPLATE ${new URL(place.url).pathname.slice(1)}`,
  );
  await server.end();
  return { folder, url: place.url.replace(/[^/]*$/, database) };
}

/**
 * What is found and what is accepted does not hang on where it is (the tests of the audit do all of
 * it in both places), and an embedded database costs a second to open, twice a case: it has one.
 */
function suite(
  name: string,
  create: (folder: string) => Promise<Installation>,
  tamperings: typeof tampering,
  alsoAccepts: boolean,
): void {
  describe(name, () => {
    let older: Installation;
    let whole: Installation;

    beforeAll(async () => {
      whole = await create(join(home, name));
      await within(whole, async (database) => {
        await migrate(database);
        await grow(whole, database, 25);
      });
      if (alsoAccepts) older = await copyOf(whole, `${name}-older`);
      await within(whole, (database) => grow(whole, database, 15));
    });

    it.concurrent.for(tamperings)(
      'signalbox audit verify finds %s',
      { timeout: 60_000 },
      async ([what, tamper, says], { expect }) => {
        const place = await copyOf(
          whole,
          `${name}-${tampering.findIndex(([one]) => one === what)}`,
        );
        await within(place, tamper);
        const verified = await audit(place, 'verify');
        expect(verified.said).toContain(says);
        expect(verified.said).toContain('The history is BROKEN:');
        expect(verified.code).toBe(1);
      },
    );

    // Going on is the same on both, and told once.
    if (!alsoAccepts) return;
    it.concurrent('finds that an older database was restored, and goes on with it once somebody has accepted it', {
      timeout: 60_000,
    }, async ({ expect }) => {
      // The database of before, beside the anchor of now.
      cpSync(join(whole.folder, 'checkpoint'), join(older.folder, 'checkpoint'));
      const found = await audit(older, 'verify');
      expect(found.said).toContain('cut: ');
      expect(found.said).toContain('The history is BROKEN: 25 events');
      expect(found.code).toBe(1);

      const unexplained = await audit(older, 'accept');
      expect(unexplained.said).toContain('Say why, for the auditor');
      expect(unexplained.code).toBe(2);
      const accepted = await audit(
        older,
        'accept',
        '--reason',
        'the backup of Monday was restored',
      );
      expect(accepted.said).toContain('The history is BROKEN: 25 events');
      expect(accepted.said).toContain('Accepted and anchored:');
      expect(accepted.code).toBe(0);
      const after = await audit(older, 'verify');
      expect(after.said).toContain('The history is complete and unaltered: 2');
      expect(after.code).toBe(0);
    });
  });
}

const embedded = async (folder: string): Promise<Installation> => {
  await layDatabase(folder);
  return { folder, url: undefined };
};
const onServer = async (folder: string): Promise<Installation> => {
  const url = await freshDatabase();
  mkdirSync(folder);
  return { folder, url };
};

suite('embedded', embedded, tampering.slice(0, 1), false);

describe.skipIf(!requireServer('postgres'))('on a server', () => {
  suite('server', onServer, tampering, true);
});
