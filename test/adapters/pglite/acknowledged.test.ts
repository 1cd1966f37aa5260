import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { it } from 'vitest';
import { openStorage } from '#boot/storage.ts';
import { silentLog } from '../silent.ts';
import { layDatabase } from './temporary-pglite.ts';

const script = join(import.meta.dirname, 'acknowledger.ts');
const wanted = 3;

/** Settles with the next line of the child; throws when it ends before. */
async function nextLine(child: ChildProcessByStdio<Writable, Readable, null>): Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`The process ended with ${code}`);
  });
  await Promise.race([once(child.stdout, 'data', { signal }), ended]).finally(() => stop.abort());
}

it.concurrent.for(['event', 'row'])(
  'what was acknowledged as committed outlives the process: %s',
  { timeout: 30_000 },
  async (what, { expect, onTestFinished }) => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'signalbox-acknowledged-'));
    onTestFinished(() => rmSync(dataFolder, { recursive: true, force: true }));
    await layDatabase(dataFolder);
    const child = spawn(process.execPath, ['--liftoff-only', script, dataFolder, what], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await nextLine(child);
    for (let told = 0; told < wanted; told += 1) {
      child.stdin.write('commit\n');
      await nextLine(child);
    }
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;

    const { store, close } = await openStorage({
      url: undefined,
      dataFolder,
      log: silentLog,
      failpoint: async () => {},
    });
    const kept = await store.transact(async (tx) =>
      what === 'event' ? (await tx.head()).size : (await tx.nextNumber('acknowledged')) - 1,
    );
    await close();
    expect(kept).toBe(wanted);
  },
);
