import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPglite, type Pglite, type PgliteOptions } from '#adapters/pglite/pglite.ts';
import { silentLog } from '../silent.ts';

export interface TemporaryPglite {
  readonly pglite: Pglite;
  readonly directory: string;
  /** Closes it, or the one that was opened there since, and removes the files. */
  remove(opened?: Pglite): Promise<void>;
}

/** A database of its own; creation takes seconds, so a template is made once and copied. */
export async function temporaryPglite(
  options: Omit<PgliteOptions, 'directory' | 'log'> = {},
): Promise<TemporaryPglite> {
  const directory = mkdtempSync(join(tmpdir(), 'signalbox-pglite-'));
  cpSync(await pgliteTemplate(), join(directory, 'data'), { recursive: true });
  const pglite = await openPglite({ directory, log: silentLog, ...options });
  return {
    pglite,
    directory,
    remove: async (opened = pglite) => {
      await opened.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Lays an empty database where the product would make one in its data folder at its first start. */
export async function layDatabase(dataFolder: string): Promise<void> {
  const data = join(dataFolder, 'database', 'data');
  cpSync(await pgliteTemplate(), data, { recursive: true });
}

/** The files of an empty database, made once for all runs. */
export async function pgliteTemplate(): Promise<string> {
  const cache = join(import.meta.dirname, '../../../node_modules/.cache/signalbox');
  const made = join(cache, 'pglite-template');
  if (existsSync(made)) return made;
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, 'making-'));
  const pglite = await openPglite({ directory, log: silentLog });
  await pglite.close();
  try {
    renameSync(join(directory, 'data'), made);
  } catch (error) {
    // Another test file was faster.
    if (!existsSync(made)) throw error;
  }
  rmSync(directory, { recursive: true, force: true });
  return made;
}
