import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Character } from './instance/character.ts';
import { startInstance } from './instance-process.ts';

const folder = join(import.meta.dirname, 'instance');

/**
 * Lets one process load the code of the service and keep what Node made of it. Without, the first
 * processes would need a third more memory than later ones, and look worse beside them. Done once
 * for each code, and remembered in the directory.
 */
export async function warmUp(cacheDirectory: string): Promise<void> {
  const mark = join(cacheDirectory, `warm-${await nameOfCode()}`);
  if (await exists(mark)) return;
  const character = Character.parse({});
  const nobody = { job: '', service: 'none', environment: 'none', version: 'none', seed: 0 };
  await startInstance({ kind: 'warm', ...nobody, character }, cacheDirectory).ended;
  await remember(mark);
}

async function remember(mark: string): Promise<void> {
  try {
    await mkdir(dirname(mark), { recursive: true });
    await writeFile(mark, '');
  } catch {
    // Nothing can be kept there: the next host warms up again.
  }
}

async function nameOfCode(): Promise<string> {
  const hash = createHash('sha256').update(`${process.version} ${folder}`);
  for (const name of (await readdir(folder)).sort())
    hash.update(await readFile(join(folder, name)));
  return hash.digest('hex').slice(0, 16);
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
