import pg from 'pg';
import { expect, it, vi } from 'vitest';
import { temporaryPglite } from './temporary-pglite.ts';

it('the embedded database keeps its log and its tables small', async () => {
  const { pglite, remove } = await temporaryPglite({ maintenanceMs: 50 });
  const pool = new pg.Pool({ stream: pglite.connect, max: 2 });
  await pool.query('CREATE TABLE churn (n int, pad text)');
  const client = await pool.connect();
  await client.query('BEGIN');
  for (let round = 0; round < 8; round += 1) {
    await client.query(
      `INSERT INTO churn SELECT n, repeat('x', 500) FROM generate_series(1, 8000) n`,
    );
    await client.query('DELETE FROM churn WHERE n > 100');
  }
  await client.query('COMMIT');
  client.release();
  const figures = async () => {
    const { rows } = await pool.query(`
      SELECT n_dead_tup::int AS dead, n_mod_since_analyze::int AS modified,
        pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::int AS log
      FROM pg_stat_user_tables, pg_control_checkpoint() WHERE relname = 'churn'`);
    return rows[0];
  };
  await vi.waitFor(
    async () => {
      const { dead, modified, log } = await figures();
      expect(dead).toBe(0);
      expect(modified).toBe(0);
      expect(log).toBeLessThan(8 * 1024 * 1024);
    },
    { timeout: 15_000, interval: 100 },
  );
  expect((await pool.query('SELECT count(*)::int AS n FROM churn')).rows).toEqual([{ n: 800 }]);
  await pool.end();
  await remove();
});
