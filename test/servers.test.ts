import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { freshDatabase } from './fresh-database.ts';
import { requireServer, startRedis } from './servers.ts';

describe.skipIf(!requireServer('postgres'))('the Postgres server of a test run', () => {
  it('gives each caller an empty database of its own', async () => {
    const urls = await Promise.all([freshDatabase(), freshDatabase()]);
    expect(new Set(urls).size).toBe(2);
    const client = new pg.Client({ connectionString: urls[0] });
    await client.connect();
    const found = await client.query(
      `SELECT count(*)::int AS n FROM pg_class WHERE relnamespace = 'public'::regnamespace`,
    );
    expect(found.rows).toEqual([{ n: 0 }]);
    await client.end();
  });
});

describe.skipIf(!requireServer('redis'))('a Redis server for a test', () => {
  it('runs until it is stopped', async () => {
    const server = await startRedis();
    expect(() => process.kill(server.pid, 0)).not.toThrow();
    await server.stop();
    expect(() => process.kill(server.pid, 0)).toThrow();
  });
});
