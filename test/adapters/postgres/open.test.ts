import { EventEmitter, once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFlush } from '#adapters/postgres/flush.ts';
import { openPostgres } from '#adapters/postgres/open.ts';
import { Fault } from '#core/fault.ts';
import type { Database } from '#ports/database.ts';
import { freshDatabase } from '../../fresh-database.ts';
import { freePort, requireServer } from '../../servers.ts';
import { silentLog } from '../pglite/silent-log.ts';

function open(url: string, connections = 4): Database {
  const database = openPostgres({ url, log: silentLog, connections });
  onTestFinished(() => database.end());
  return database;
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('It did not fail');
}

/** Ends the backend of a session from outside. */
async function killBackends(database: Database, like: string): Promise<void> {
  await database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE $1`,
    [like],
  );
}

describe.skipIf(!requireServer('postgres'))('a database on a server', () => {
  it('gives numbers, bytes and JSON as such, and the last of several results', async () => {
    const database = open(await freshDatabase());
    const { rows } = await database.query(
      `SELECT 9007199254740991::int8 AS n, $1::bytea AS b, $2::json AS j, ARRAY[1]::int8[] AS a`,
      [new Uint8Array([0, 255]), '{"a":"\\u0000"}'],
    );
    expect(rows[0]).toMatchObject({ n: 9007199254740991, j: { a: '\0' } });
    expect(rows[0]?.['b']).toEqual(Buffer.from([0, 255]));
    const last = await database.query('SELECT 1 AS x; SELECT 2 AS y, 3 AS z');
    expect(last.rows).toEqual([{ y: 2, z: 3 }]);
    const nothing = await database.query('SELECT 1 AS x WHERE false', []);
    expect(nothing).toEqual({ rows: [], rowCount: 0 });
  });

  it.each([
    ['40001', 'store.conflict', true],
    ['40P01', 'store.conflict', true],
    ['23505', 'store.conflict', true],
    ['SB001', 'store.conflict', true],
    ['SB002', 'store.fenced', false],
    ['SB003', 'store.corrupt', false],
    ['SB004', 'store.corrupt', false],
    ['25006', 'store.read_only', true],
    ['53100', 'store.full', true],
    ['53300', 'store.unavailable', true],
    ['57P01', 'store.unavailable', true],
    ['57014', 'store.unavailable', true],
    ['58030', 'store.unavailable', true],
    ['28P01', 'store.unavailable', false],
    ['42501', 'store.unavailable', false],
    ['XX001', 'store.corrupt', false],
  ])('says of SQLSTATE %s: %s', async (state, code, retryable) => {
    const database = open(await shared());
    const sql = `DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '${state}'; END $$`;
    expect(await failureOf(database.query(sql))).toMatchObject({ code, retryable });
  });

  it('leaves bugs what they are', async () => {
    const database = open(await shared());
    for (const sql of ['SELEC 1', 'SELECT * FROM nowhere', 'SELECT 1/0']) {
      expect(await failureOf(database.query(sql))).not.toBeInstanceOf(Fault);
    }
  });

  it('is unavailable where nothing listens or no such database is', async () => {
    const nobody = open(`postgres://signalbox@127.0.0.1:${await freePort()}/x`);
    expect(await failureOf(nobody.query('SELECT 1'))).toMatchObject({
      code: 'store.unavailable',
      retryable: true,
    });
    const unknown = open(`${await shared()}_unknown`);
    expect(await failureOf(unknown.connect())).toMatchObject({
      code: 'store.unavailable',
      retryable: false,
    });
  });

  it('survives the death of its connections', async () => {
    const database = open(await freshDatabase());
    const session = await database.connect();
    const sleeping = failureOf(session.query('SELECT pg_sleep(30)'));
    await untilTrue(async () => {
      const found = await database.query(
        `SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(30)'`,
      );
      return found.rowCount === 1;
    });
    await killBackends(database, 'SELECT pg_sleep(30)');
    expect(await sleeping).toMatchObject({ code: 'store.unavailable', retryable: true });
    session.release(true);
    expect((await database.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }]);
  });

  it('hears notifications, also after the connection that listens was lost', async () => {
    const database = open(await freshDatabase());
    const heard = new EventEmitter();
    const stop = await database.listen('A "quoted" channel', (payload) => heard.emit(payload));
    const first = once(heard, 'one');
    await database.query(`NOTIFY "A ""quoted"" channel", 'one'`);
    await first;
    await killBackends(database, 'LISTEN%');
    const second = once(heard, 'two');
    const asking = setInterval(() => {
      database.query(`NOTIFY "A ""quoted"" channel", 'two'`).catch(() => {});
    }, 50);
    await second;
    clearInterval(asking);
    await stop();
  });
});

describe.skipIf(!requireServer('postgres'))('flush', () => {
  it('takes what was committed before to disk', async () => {
    const database = open(await freshDatabase());
    await database.query('CREATE TABLE t (n int)');
    const flush = createFlush(database);
    const { rows } = await database.query(
      `BEGIN; SET LOCAL synchronous_commit = off; INSERT INTO t VALUES (1); COMMIT;
      SELECT pg_current_wal_insert_lsn() AS lsn`,
    );
    await flush();
    const flushed = await database.query(
      'SELECT pg_current_wal_flush_lsn() >= $1::pg_lsn AS done',
      [rows[0]?.['lsn']],
    );
    expect(flushed.rows).toEqual([{ done: true }]);
  });

  it('is shared by those who come together, and never by those who come later', async () => {
    let running = 0;
    let count = 0;
    const gates: (() => void)[] = [];
    const flush = createFlush({
      async query() {
        count += 1;
        running += 1;
        await new Promise<void>((resolve) => gates.push(resolve));
        running -= 1;
        return { rows: [], rowCount: 0 };
      },
    });
    const done: number[] = [];
    const call = (name: number) => flush().then(() => done.push(name));
    const calls = [call(1), call(2), call(3)];
    expect([count, running]).toEqual([1, 1]);
    gates[0]?.();
    await calls[0];
    await untilTrue(async () => count === 2);
    expect(done).toEqual([1]);
    const late = call(4);
    gates[1]?.();
    await Promise.all(calls);
    await untilTrue(async () => count === 3);
    gates[2]?.();
    await late;
    expect([count, done]).toEqual([3, [1, 2, 3, 4]]);
  });

  it('passes on that it failed, and works again after', async () => {
    let broken = true;
    const flush = createFlush({
      async query() {
        if (broken) throw new Error('away');
        return { rows: [], rowCount: 0 };
      },
    });
    await expect(Promise.all([flush(), flush()])).rejects.toThrow('away');
    broken = false;
    await expect(flush()).resolves.toBeUndefined();
  });
});

let one: Promise<string> | undefined;
function shared(): Promise<string> {
  one ??= freshDatabase();
  return one;
}

async function untilTrue(check: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt++) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('It did not come true');
}
