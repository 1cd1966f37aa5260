import { lstatSync, mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Keeps what Node compiles beside the dependencies, which halves the next start, unless the
 * environment names another place. What lies there is run: it must be nobody else's to write.
 */
export function keepCompiled(): void {
  const folder = ownCache(fileURLToPath(new URL('../../node_modules', import.meta.url)));
  if (folder !== null) enableCompileCache(folder);
}

/** A folder below that of the dependencies; null unless all on the way is ours and ours alone. */
export function ownCache(dependencies: string): string | null {
  if (process.getuid === undefined || !isOwn(dependencies)) return null;
  let folder = dependencies;
  for (const name of ['.cache', 'signalbox', 'compiled']) {
    folder = join(folder, name);
    if (!isOwn(folder)) return null;
  }
  return folder;

  function isOwn(path: string): boolean {
    try {
      if (path !== dependencies) mkdirSync(path, { recursive: true, mode: 0o755 });
      const { uid, mode } = lstatSync(path);
      return uid === process.getuid?.() && (mode & 0o022) === 0;
    } catch {
      return false;
    }
  }
}
