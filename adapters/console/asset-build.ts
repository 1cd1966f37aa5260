import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** One file that the page may load, compressed once. */
export interface Asset {
  readonly type: string;
  readonly raw: Uint8Array;
  /** Null where compressing would gain nothing. */
  readonly brotli: Uint8Array | null;
  readonly gzip: Uint8Array | null;
}

/** All files of the page. Paths are relative to `/assets/<hash>/`. */
export interface Assets {
  readonly hash: string;
  readonly files: ReadonlyMap<string, Asset>;
  readonly importMap: string;
  /** Modules to preload, so that a slow link needs one round trip and not one per import. */
  readonly modules: readonly string[];
}

/** Packages of the page, by the name under which they import each other. */
const vendored: Readonly<Record<string, string>> = {
  preact: 'vendor/preact.js',
  'preact/hooks': 'vendor/hooks.js',
  '@preact/signals-core': 'vendor/signals-core.js',
  '@preact/signals': 'vendor/signals.js',
  htm: 'vendor/htm.js',
};

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  ts: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
};

/**
 * Reads the page: types are stripped from its modules, core modules that it imports are taken along,
 * styles become one file, everything is compressed. No bundler: the browser loads what stands here.
 */
export function buildAssets(): Assets {
  const sources = new Map<string, string>();
  const page = new URL('./page/', import.meta.url);
  const names = readdirSync(page, { recursive: true, encoding: 'utf8' }).toSorted();
  for (const name of names) {
    if (name.endsWith('.svg'))
      sources.set(`page/${name}`, readFileSync(new URL(name, page), 'utf8'));
    if (name.endsWith('.ts')) addModule(sources, `page/${name}`, new URL(name, page));
  }
  const styles = names.filter((name) => name.endsWith('.css'));
  sources.set(
    'page/styles.css',
    styles.map((name) => styleOf(name, readFileSync(new URL(name, page), 'utf8'))).join('\n'),
  );
  for (const [name, path] of Object.entries(vendored)) {
    const text = readFileSync(fileURLToPath(import.meta.resolve(name)), 'utf8');
    sources.set(path, text.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n'));
  }
  const hash = digest(sources);
  const files = new Map<string, Asset>();
  for (const [path, text] of sources) files.set(path, asset(path, Buffer.from(text), true));
  for (const name of names.filter((one) => one.endsWith('.woff2'))) {
    files.set(`page/${name}`, asset(name, readFileSync(new URL(name, page)), false));
  }
  const imports: Record<string, string> = {
    '#core/': `/assets/${hash}/core/`,
    '#adapters/console/page/': `/assets/${hash}/page/`,
  };
  for (const [name, path] of Object.entries(vendored)) imports[name] = `/assets/${hash}/${path}`;
  return {
    hash,
    files,
    importMap: JSON.stringify({ imports }),
    modules: [...sources.keys()].filter(
      (path) => /\.[jt]s$/.test(path) && path !== 'page/theme.ts',
    ),
  };
}

/** Adds a module and the core modules that it imports at run time. */
function addModule(sources: Map<string, string>, path: string, url: URL): void {
  if (sources.has(path)) return;
  const text = compact(stripTypeScriptTypes(readFileSync(url, 'utf8')));
  sources.set(path, text);
  for (const [, core] of text.matchAll(/from '#core\/([\w/-]+\.ts)'/g)) {
    if (core === undefined) continue;
    addModule(sources, `core/${core}`, new URL(import.meta.resolve(`#core/${core}`)));
  }
  if (!path.startsWith('core/')) return;
  for (const [, near] of text.matchAll(/from '\.\/([\w-]+\.ts)'/g)) {
    if (near === undefined) continue;
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    addModule(sources, `${folder}${near}`, new URL(near, url));
  }
}

/** One layer holds all styles but those that must win over any of them. */
function styleOf(name: string, text: string): string {
  return name.endsWith('unlayered.css') ? compact(text) : `@layer page{${compact(text)}}`;
}

/** Whole-line comments, indentation and empty lines are of no use to a browser. */
function compact(text: string): string {
  return text
    .replaceAll(/^\s*\/\*[\s\S]*?\*\/\s*$/gm, '')
    .replaceAll(/^\s*\/\/.*$/gm, '')
    .replaceAll(/[ \t]+$/gm, '')
    .replaceAll(/\n{2,}/g, '\n');
}

function digest(sources: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  for (const [path, text] of sources) hash.update(`${path}\0${text}\0`);
  return hash.digest('hex').slice(0, 12);
}

function asset(path: string, raw: Uint8Array, compress: boolean): Asset {
  const type = types[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
  if (!compress) return { type, raw, brotli: null, gzip: null };
  const brotli = brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
  return { type, raw, brotli, gzip: gzipSync(raw) };
}
