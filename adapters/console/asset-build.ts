import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { type Modules, packModules } from './pack.ts';

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
  /** Modules to preload, so that a slow link needs one round trip and not one per import. */
  readonly modules: readonly string[];
}

/** Packages of the page, by the name under which they import each other; they are served as they are. */
const packages: Readonly<Record<string, string>> = {
  preact: 'preact.js',
  'preact/hooks': 'hooks.js',
  '@preact/signals-core': 'signals-core.js',
  '@preact/signals': 'signals.js',
  htm: 'htm.js',
};

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
};

const page = new URL('./page/', import.meta.url);

/**
 * Reads the page: types are stripped from its modules and from those of the core that they import,
 * all become one; so do the styles; everything is compressed. Nothing has to be built before a start.
 */
export function buildAssets(): Assets {
  const styles = readdirSync(new URL('styles/', page)).toSorted();
  const texts = new Map<string, string>([
    ['main.js', packModules('page/main.ts', sources)],
    ['theme.js', script(new URL('theme.ts', page))],
    ['styles.css', styles.map(styleOf).join('\n')],
    ['icon.svg', readFileSync(new URL('icon.svg', page), 'utf8')],
    ...Object.entries(packages).map(([name, path]) => [path, packageText(name)] as const),
  ]);
  const font = readFileSync(new URL('fonts/inter.woff2', page));
  const hash = createHash('sha256').update(font);
  for (const [path, text] of texts) hash.update(`${path}\0${text}\0`);
  return {
    hash: hash.digest('hex').slice(0, 12),
    files: new Map([
      ...[...texts].map(([path, text]) => [path, compressed(path, text)] as const),
      ['fonts/inter.woff2', { ...typeOf('woff2'), raw: font, brotli: null, gzip: null }],
    ]),
    modules: ['main.js', ...Object.values(packages)],
  };
}

/** The page's modules stand in `page/`, those of the core in `core/`. */
const sources: Modules = {
  text: (path) =>
    script(
      path.startsWith('page/')
        ? new URL(path.slice('page/'.length), page)
        : new URL(import.meta.resolve(`#${path}`)),
    ),
  resolve(specifier, from) {
    const file = packages[specifier];
    if (file !== undefined) return { kind: 'apart', path: `./${file}` };
    if (specifier.startsWith('#core/')) return { kind: 'module', path: specifier.slice(1) };
    if (specifier.startsWith('./')) {
      const folder = from.slice(0, from.lastIndexOf('/'));
      return { kind: 'module', path: `${folder}${specifier.slice(1)}` };
    }
    const own = /^#adapters\/console\/(page\/.*)$/.exec(specifier)?.[1];
    if (own === undefined) throw new Error(`${from} needs ${specifier}, which no browser has`);
    return { kind: 'module', path: own };
  },
};

function script(url: URL): string {
  return compact(stripTypeScriptTypes(readFileSync(url, 'utf8')));
}

/** A package as its author built it for browsers; it finds the others beside it. */
function packageText(name: string): string {
  return readFileSync(fileURLToPath(import.meta.resolve(name)), 'utf8')
    .replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n')
    .replaceAll(/from\s*"([^"]+)"/g, (whole, other: string) => {
      const file = packages[other];
      return file === undefined ? whole : `from"./${file}"`;
    });
}

/** One layer holds all styles but those that must win over any of them. */
function styleOf(name: string): string {
  const text = compact(readFileSync(new URL(`styles/${name}`, page), 'utf8'));
  return name === 'unlayered.css' ? text : `@layer page{${text}}`;
}

/** Whole-line comments and empty lines are of no use to a browser. */
function compact(text: string): string {
  return text
    .replaceAll(/^\s*\/\*[\s\S]*?\*\/\s*$/gm, '')
    .replaceAll(/^\s*\/\/.*$/gm, '')
    .replaceAll(/[ \t]+$/gm, '')
    .replaceAll(/\n{2,}/g, '\n');
}

function compressed(path: string, text: string): Asset {
  const raw = Buffer.from(text);
  const brotli = brotliCompressSync(raw, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 9,
      [constants.BROTLI_PARAM_SIZE_HINT]: raw.length,
    },
  });
  return { ...typeOf(path.slice(path.lastIndexOf('.') + 1)), raw, brotli, gzip: gzipSync(raw) };
}

function typeOf(ending: string): Pick<Asset, 'type'> {
  return { type: types[ending] ?? 'application/octet-stream' };
}
