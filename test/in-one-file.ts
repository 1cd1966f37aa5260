import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

/** Beside the packages, so that those that stay outside are found. */
const cache = join(import.meta.dirname, '../node_modules/.cache/signalbox');

/** They find native code and their own files by themselves; or are large, and seldom loaded. */
const external = [/^@electric-sql\//, /^msgpackr-extract/, /^@kubernetes\//];

/**
 * Writes a program and all that it imports to one file, what it imports later to a few more. A
 * process loads that in a third of the time that hundreds of files take it: worth it for what is
 * started dozens of times. Modules still find what lies beside their sources.
 */
export async function inOneFile(
  entry: string,
): Promise<{ readonly path: string; stop(): Promise<void> }> {
  mkdirSync(cache, { recursive: true });
  const dir = mkdtempSync(join(cache, 'in-one-file-'));
  const bundle = await rolldown({
    input: entry,
    platform: 'node',
    external,
    plugins: [{ name: 'where modules are', load: located }],
  });
  await bundle.write({ dir, format: 'esm' });
  await bundle.close();
  return {
    path: join(dir, basename(entry).replace(/ts$/, 'js')),
    stop: async () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** The source with its place written into it; null where it does not ask. */
function located(id: string): { readonly code: string; readonly moduleType: 'ts' } | null {
  if (!id.endsWith('.ts')) return null;
  const code = readFileSync(id, 'utf8');
  if (!code.includes('import.meta.url')) return null;
  const place = JSON.stringify(pathToFileURL(id).href);
  return { code: code.replaceAll('import.meta.url', place), moduleType: 'ts' };
}
