import { globSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Absolute path of a file of the project. */
export function projectFile(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

export function readProjectFile(path: string): string {
  return readFileSync(projectFile(path), 'utf8');
}

/** All TypeScript sources under some folders, with their text. */
export function sourceFiles(
  ...folders: readonly string[]
): readonly { readonly path: string; readonly text: string }[] {
  const root = projectFile('');
  return folders
    .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }))
    .map((path) => ({ path, text: readProjectFile(path) }));
}

/** Names of the TypeScript files directly in a folder, without `index.ts` and the ending. */
export function modulesIn(folder: string): readonly string[] {
  return readdirSync(projectFile(folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && entry.name !== 'index.ts')
    .map(({ name }) => name.replace(/\.ts$/, ''))
    .sort();
}

/** Names of the folders in a folder. */
export function foldersIn(folder: string): readonly string[] {
  return readdirSync(projectFile(folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Modules that a file imports or re-exports from its own folder. */
export function neighboursIn(path: string): readonly string[] {
  const found = readProjectFile(path).matchAll(/from '\.\/([\w-]+)(?:\/[\w/-]+)?\.ts'/g);
  return [...new Set([...found].map(([, name]) => name ?? ''))].sort();
}
