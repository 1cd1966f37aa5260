import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { takeDataDirectory } from '#adapters/pglite/data-directory.ts';
import { openPglite } from '#adapters/pglite/pglite.ts';
import { silentLog } from '../silent.ts';
import { pgliteTemplate, temporaryPglite } from './temporary-pglite.ts';

async function holder(directory: string) {
  const script = join(import.meta.dirname, 'hold-directory.ts');
  const child = spawn(process.execPath, ['--liftoff-only', script, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

async function temporaryDirectory(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'signalbox-pglite-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  cpSync(await pgliteTemplate(), join(directory, 'data'), { recursive: true });
  return directory;
}

describe('the directory of the embedded database', () => {
  it('belongs to one process, and is free again after a kill with what was committed', async () => {
    const directory = await temporaryDirectory();
    const child = await holder(directory);
    await expect(openPglite({ directory, log: silentLog })).rejects.toMatchObject({
      code: 'store.unavailable',
      retryable: false,
      message: expect.stringContaining(`process ${child.pid} on `),
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const pglite = await openPglite({ directory, log: silentLog });
    const pool = new pg.Pool({ stream: pglite.connect });
    expect((await pool.query('SELECT n FROM kept')).rows).toEqual([{ n: 1 }]);
    await pool.end();
    await pglite.close();
  });

  it('belongs to one user within a process too', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'signalbox-pglite-'));
    const first = takeDataDirectory(directory);
    expect(() => takeDataDirectory(directory)).toThrow(/is in use by another Signalbox/);
    first.release();
    takeDataDirectory(directory).release();
    rmSync(directory, { recursive: true });
  });

  it('throws away what an interrupted creation left, and nothing else', () => {
    const directory = mkdtempSync(join(tmpdir(), 'signalbox-pglite-'));
    const half = takeDataDirectory(directory);
    mkdirSync(half.dataDir);
    writeFileSync(join(half.dataDir, 'PG_VERSION'), '18');
    half.release();
    const whole = takeDataDirectory(directory);
    expect(existsSync(whole.dataDir)).toBe(false);
    mkdirSync(whole.dataDir);
    whole.created();
    whole.release();
    const again = takeDataDirectory(directory);
    expect(existsSync(again.dataDir)).toBe(true);
    again.release();
    rmSync(directory, { recursive: true });
  });

  it('is not opened when its files are no database', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'signalbox-pglite-'));
    mkdirSync(join(directory, 'data'));
    writeFileSync(join(directory, 'data', 'PG_VERSION'), '18');
    await expect(openPglite({ directory, log: silentLog })).rejects.toMatchObject({
      code: 'store.unavailable',
    });
    takeDataDirectory(directory).release();
    rmSync(directory, { recursive: true });
  });
});

describe('the thread of the embedded database', () => {
  it('is ended when it is stuck, and starts again with what was committed', async () => {
    const { pglite, remove } = await temporaryPglite({ stallMs: 600 });
    const pool = new pg.Pool({ stream: pglite.connect });
    pool.on('error', () => {});
    await pool.query('CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)');
    const endless = `DO $$ BEGIN LOOP END LOOP; END $$`;
    await expect(pool.query(endless)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await pool.query('SELECT n FROM kept')).rows).toEqual([{ n: 1 }]);
    await pool.end();
    await remove();
  });
});
