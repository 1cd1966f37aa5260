import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Fault } from '#core/fault.ts';

/**
 * Makes this process the only user of a directory until the returned function is called or the
 * process ends, however it ends. The operating system holds the lock (SQLite takes a file lock for
 * an exclusive transaction), so nothing stale is left after a kill, and a process in another
 * container on the same volume is kept out too, which a file with a process id could not do.
 * @throws Fault `store.unavailable` when another process holds it; it says which.
 */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const ownerFile = join(directory, 'owner.txt');
  const lock = exclusive(directory, ownerFile);
  writeFileSync(
    ownerFile,
    `process ${process.pid} on ${hostname()} since ${new Date().toISOString()}`,
  );
  return () => {
    rmSync(ownerFile, { force: true });
    lock.close();
  };
}

function exclusive(directory: string, ownerFile: string): DatabaseSync {
  const lock = new DatabaseSync(join(directory, 'lock.sqlite'), { timeout: 0 });
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return lock;
  } catch (cause) {
    lock.close();
    throw new Fault(
      'store.unavailable',
      `The data directory ${directory} is in use by another Signalbox (${owner(ownerFile)}). ` +
        'Stop that one, or choose another directory.',
      { retryable: false, cause },
    );
  }
}

function owner(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return 'which has not said who it is';
  }
}
