import pg from 'pg';
import { openPglite } from '#adapters/pglite/pglite.ts';
import { silentLog } from '../silent.ts';

/** Holds a database open, writes a row, and says so; the test kills it. */
const [, , directory = ''] = process.argv;
const pglite = await openPglite({ directory, log: silentLog });
const pool = new pg.Pool({ stream: pglite.connect });
await pool.query('CREATE TABLE IF NOT EXISTS kept (n int)');
await pool.query('INSERT INTO kept VALUES (1)');
process.stdout.write('holding\n');
setInterval(() => {}, 1000);
