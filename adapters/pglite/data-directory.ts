import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockDirectory } from './directory-lock.ts';

export interface DataDirectory {
  /** Where the database's files are. */
  readonly dataDir: string;
  /** The database answers: its files are whole from here on. */
  created(): void;
  release(): void;
}

/**
 * Takes a directory for a database, alone. Creation takes seconds and may be interrupted: a mark
 * stands beside the files until they are whole, and files with the mark are thrown away.
 * @throws Fault `store.unavailable` when another process has the directory.
 */
export function takeDataDirectory(directory: string): DataDirectory {
  const release = lockDirectory(directory);
  const dataDir = join(directory, 'data');
  const mark = join(directory, 'creating');
  if (existsSync(mark)) rmSync(dataDir, { recursive: true, force: true });
  if (!existsSync(dataDir)) writeFileSync(mark, '');
  return { dataDir, created: () => rmSync(mark, { force: true }), release };
}
