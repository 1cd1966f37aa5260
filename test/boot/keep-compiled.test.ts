import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ownCache } from '#boot/keep-compiled.ts';

function dependencies(): string {
  const home = mkdtempSync(join(tmpdir(), 'signalbox-compiled-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const folder = join(home, 'node_modules');
  mkdirSync(folder, { mode: 0o755 });
  return folder;
}

it('is made where nobody else may write', () => {
  const modules = dependencies();
  const made = ownCache(modules);
  expect(made).toBe(join(modules, '.cache/signalbox/compiled'));
  expect(existsSync(made ?? '')).toBe(true);
  expect(ownCache(modules)).toBe(made);
});

it.each(['', '.cache', '.cache/signalbox', '.cache/signalbox/compiled'])(
  'is not used where others may write: node_modules/%s',
  (open) => {
    const modules = dependencies();
    ownCache(modules);
    for (const mode of [0o777, 0o775, 0o757]) {
      chmodSync(join(modules, open), mode);
      expect(ownCache(modules)).toBeNull();
    }
  },
);

it('is not used behind a link, nor made without dependencies', () => {
  const modules = dependencies();
  const link = `${modules}-linked`;
  symlinkSync(modules, link);
  expect(ownCache(link)).toBeNull();
  expect(ownCache(`${modules}-not-there`)).toBeNull();
  expect(existsSync(`${modules}-not-there`)).toBe(false);
});
