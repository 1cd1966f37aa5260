import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGit } from '#adapters/git/index.ts';

const root = mkdtempSync(join(tmpdir(), 'signalbox-git-'));
const origin = join(root, 'acme', 'shop.git');
const cache = join(root, 'cache');

function git(...args: readonly string[]): void {
  execFileSync('git', ['-C', join(root, 'work'), ...args], { stdio: 'ignore' });
}

function commit(message: string, tag?: string): void {
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];
  git(...who, 'commit', '--quiet', '--allow-empty', '-m', message);
  if (tag !== undefined) git('tag', tag);
}

const source = () => createGit({ url: `file://${root}`, suffix: '.git' }, null, cache);
const question = { repository: 'acme/shop', from: 'v1', to: 'v2' };

beforeAll(() => {
  execFileSync('git', ['init', '--quiet', '--bare', '-b', 'main', origin]);
  execFileSync('git', ['init', '--quiet', '-b', 'main', join(root, 'work')]);
  git('remote', 'add', 'origin', origin);
  commit('The beginning', 'v1');
  commit('SHOP-1: faster\n\nRisk: locks');
  commit('Blue; $(touch x) | "quoted"', 'v2');
  git('push', '--quiet', '--tags', 'origin', 'main');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('lists what lies between two tags, oldest first', async () => {
  const compared = await source().compare(question);
  expect(compared).toMatchObject({ ahead: 2, behind: 0, url: null });
  expect(compared.commits).toMatchObject([
    { message: 'SHOP-1: faster\n\nRisk: locks', author: 'Ada', pull: null },
    { message: 'Blue; $(touch x) | "quoted"', at: expect.any(Number) },
  ]);
  const back = await source().compare({ ...question, from: 'v2', to: 'v1' });
  expect(back).toMatchObject({ commits: [], ahead: 0, behind: 2 });
});

it('finds what was pushed since, from the same copy, also when asked twice at once', async () => {
  const one = source();
  commit('Red', 'v3');
  git('push', '--quiet', '--tags', 'origin', 'main');
  const asked = { ...question, from: 'v2', to: 'v3' };
  const both = await Promise.all([one.compare(asked), one.compare(asked)]);
  expect(both.map(({ ahead }) => ahead)).toEqual([1, 1]);
  expect(readdirSync(cache)).toHaveLength(1);
});

it.each([
  ['an unknown tag', { to: 'v9' }],
  ['an unknown repository', { repository: 'acme/nothing' }],
  ['an option instead of a tag', { to: '--output=/tmp/x' }],
])('refuses %s', async (_what, part) => {
  await expect(source().compare({ ...question, ...part })).rejects.toMatchObject({
    code: 'changes.unreadable',
    retryable: false,
  });
});

it('says when the repository is out of reach', async () => {
  const away = createGit({ url: `file://${root}`, suffix: '.git' }, null, cache);
  await away.compare(question);
  rmSync(origin, { recursive: true, force: true });
  await expect(away.compare({ ...question, to: 'v4' })).rejects.toMatchObject({
    code: 'changes.unavailable',
  });
});
