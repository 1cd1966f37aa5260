import { describe, expect, it } from 'vitest';
import { packModules } from '#adapters/console/pack.ts';

function pack(files: Readonly<Record<string, string>>): string {
  return packModules('main', {
    text: (path) => files[path] ?? '',
    resolve: (name) => ({ kind: name in files ? 'module' : 'apart', path: name }),
  });
}

describe('many modules in one', () => {
  it('runs each once, after what it needs, with names of its own', async () => {
    const text = pack({
      main: `
import { join as glue } from 'node:path';
import posix from 'node:path';
import { hello } from 'a';
import {
  hello as other,
} from 'b';
import { order } from 'order';
const own = await Promise.resolve('main');
order.push(own, hello(), other(), glue('x', 'y'), String(glue === posix.join));
globalThis.packed = order;`,
      a: `
import { order } from 'order';
import { hello as below } from 'b';
const own = 'a';
order.push(own);
export function hello() { return own + below(); }
export const export_ = 'a word that only looks like one';`,
      b: `
import { order } from 'order';
const own = 'b';
order.push(own);
export async function later() {}
export class Thing {}
export function hello() { return own; }`,
      order: 'export const order = [];',
    });
    const module: unknown = await import(`data:text/javascript,${encodeURIComponent(text)}`);
    expect(module).toMatchObject({});
    expect(Reflect.get(globalThis, 'packed')).toEqual(['b', 'a', 'main', 'ab', 'b', 'x/y', 'true']);
    Reflect.deleteProperty(globalThis, 'packed');
  });

  it.each([
    ['an export by default', 'export default 1;', /main cannot be packed: export default/],
    ['a list of exports', 'const a = 1;\nexport { a };', /cannot be packed/],
    ['what others export', "export * from 'a';", /cannot be packed/],
    ['a binding that changes', 'export let a = 1;', /cannot be packed/],
    ['all of a module', "import * as all from 'a';", /cannot be packed/],
    ['modules that need each other', "import { a } from 'a';", /main and a need each other/],
  ])('does not guess at %s', (_name, main, problem) => {
    expect(() => pack({ main, a: "import { b } from 'main';\nexport const a = 1;" })).toThrow(
      problem,
    );
  });
});
