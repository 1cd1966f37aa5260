import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TemporaryPglite, temporaryPglite } from './temporary-pglite.ts';

describe('sessions of the embedded database', () => {
  let embedded: TemporaryPglite;
  let pool: pg.Pool;

  beforeAll(async () => {
    embedded = await temporaryPglite({ transactionMs: 1500 });
    pool = new pg.Pool({ stream: embedded.pglite.connect, max: 5 });
    pool.on('error', () => {});
  });

  beforeEach(async () => {
    await pool.query('DROP TABLE IF EXISTS seen; CREATE TABLE seen (n int)');
  });

  afterEach(() => {
    expect(pool.idleCount).toBe(pool.totalCount);
  });

  afterAll(async () => {
    await pool.end();
    await embedded.remove();
  });

  const count = async (on: pg.Pool | pg.PoolClient) =>
    Number((await on.query('SELECT count(*) AS n FROM seen')).rows[0].n);

  it('keeps others out of a transaction until it commits', async () => {
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query('INSERT INTO seen VALUES (1)');
    const order: string[] = [];
    const outside = count(pool).then((n) => order.push(`outside saw ${n}`));
    await client.query('INSERT INTO seen VALUES (2)');
    order.push(`inside saw ${await count(client)}`);
    await client.query('COMMIT');
    await outside;
    client.release();
    expect(order).toEqual(['inside saw 2', 'outside saw 2']);
  });

  it('says goodbye to a client that is given back while its pool ends', async () => {
    const own = new pg.Pool({ stream: embedded.pglite.connect, max: 1 });
    const client = await own.connect();
    const ended = own.end();
    await client.query('SELECT 1');
    client.release();
    await ended;
  });

  it('keeps others out of a failed transaction until it rolls back', async () => {
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query('INSERT INTO seen VALUES (1)');
    await expect(client.query('SELECT 1/0')).rejects.toMatchObject({ code: '22012' });
    const outside = count(pool);
    await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' });
    await client.query('ROLLBACK');
    client.release();
    expect(await outside).toBe(0);
  });

  it('runs transactions of many clients one after the other', async () => {
    await pool.query('INSERT INTO seen VALUES (0)');
    const add = async () => {
      const client = await pool.connect();
      await client.query('BEGIN');
      const { rows } = await client.query('SELECT n FROM seen');
      await client.query('UPDATE seen SET n = $1', [rows[0].n + 1]);
      await client.query('COMMIT');
      client.release();
    };
    await Promise.all(Array.from({ length: 40 }, add));
    expect((await pool.query('SELECT n FROM seen')).rows).toEqual([{ n: 40 }]);
  });

  it('rolls back a transaction whose client goes away', async () => {
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query('INSERT INTO seen VALUES (1)');
    client.release(true);
    expect(await count(pool)).toBe(0);
  });

  it('rolls back a transaction that is left open, and closes its session', async () => {
    const client = await pool.connect();
    const broken = new Promise<Error>((resolve) => client.once('error', resolve));
    await client.query('BEGIN');
    await client.query('INSERT INTO seen VALUES (1)');
    expect(await count(pool)).toBe(0);
    expect(await broken).toMatchObject({ code: '25P03' });
    await expect(client.query('SELECT 1')).rejects.toThrow();
    client.release(true);
  });

  it('tells notifications to those who listen, and to them alone', async () => {
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => pool.connect()));
    const heard: string[] = [];
    for (const [index, client] of [first, second, third].entries()) {
      client?.on('notification', (notice) => {
        heard.push(`${index + 1} ${notice.channel} ${notice.payload}`);
      });
    }
    await first?.query('-- with a remark;\nLISTEN news;');
    await second?.query('LISTEN "Odd ""name"""; LISTEN news');
    await pool.query(`SELECT pg_notify('news', 'a'), pg_notify('Odd "name"', 'b')`);
    await first?.query('UNLISTEN news');
    await third?.query('BEGIN');
    await third?.query(`NOTIFY news, 'rolled back'`);
    await third?.query('ROLLBACK');
    await third?.query(`NOTIFY news, 'c'`);
    await second?.query('UNLISTEN *');
    await pool.query(`NOTIFY news, 'd'`);
    expect(heard.toSorted()).toEqual(['1 news a', '2 Odd "name" b', '2 news a', '2 news c']);
    for (const client of [first, second, third]) {
      client?.removeAllListeners('notification');
      client?.release();
    }
  });

  it('keeps settings that were asked for when connecting to the session', async () => {
    await pool.query('CREATE SCHEMA IF NOT EXISTS apart');
    const apart = new pg.Pool({
      stream: embedded.pglite.connect,
      options: '-c search_path=apart',
    });
    const path = async (on: pg.Pool) => (await on.query('SHOW search_path')).rows[0].search_path;
    expect([await path(apart), await path(pool), await path(apart)]).toEqual([
      'apart',
      'public',
      'apart',
    ]);
    await apart.end();
  });

  it('keeps the prepared statements of one session from those of another', async () => {
    const clients = await Promise.all([pool.connect(), pool.connect()]);
    for (const [index, client] of clients.entries()) {
      const text = `SELECT $1::int + ${index} AS n`;
      expect((await client.query({ name: 'same', text, values: [1] })).rows).toEqual([
        { n: 1 + index },
      ]);
    }
    for (const client of clients) client.release(true);
    const left = await pool.query('SELECT count(*)::int AS n FROM pg_prepared_statements');
    expect(left.rows).toEqual([{ n: 0 }]);
  });
});
