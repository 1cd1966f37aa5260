import { createEmulator } from 'emulate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createGitHub } from '#adapters/github/index.ts';
import { summarise } from '#core/changes/summarise.ts';
import { startGitHubPeer } from '../../peers/github/github.ts';

const question = { repository: 'acme/shop', from: 'v1', to: 'v2' };

describe('against a GitHub of our own', () => {
  let peer: Awaited<ReturnType<typeof startGitHubPeer>>;
  const source = () => createGitHub({ url: peer.url }, 'ghp_right');

  beforeEach(async () => {
    peer = await startGitHubPeer({ token: 'ghp_right' });
    peer.commit('The beginning', 'v1');
  });
  afterEach(() => peer.close());

  it('reads commits with the pull requests through which they came', async () => {
    peer.pull(7, { title: 'Faster cart', body: '## Risk\nlocks' });
    peer.commit('Faster cart (#7)\n\nlong story');
    peer.commit('Merge pull request #8 from ada/fix\n\nFix');
    peer.commit('By hand', 'v2');
    const compared = await source().compare(question);
    expect(compared).toMatchObject({ ahead: 3, behind: 0 });
    expect(compared.url).toContain('v1...v2');
    expect(
      compared.commits.map(({ message, pull }) => [message.split('\n')[0], pull?.number]),
    ).toEqual([
      ['Faster cart (#7)', 7],
      // A number that is no pull request of this repository says nothing.
      ['Merge pull request #8 from ada/fix', undefined],
      ['By hand', undefined],
    ]);
    expect(compared.commits[0]).toMatchObject({
      author: 'Ada',
      at: Date.parse('2026-11-19T10:00:00Z'),
      pull: { title: 'Faster cart', body: '## Risk\nlocks', author: 'grace', branch: 'fix-7' },
    });
  });

  it('gives the commits of a merged branch to their pull request', async () => {
    peer.pull(8, { title: 'Two steps', body: null });
    peer.commit('Step one', undefined, 8);
    peer.commit('Step two', undefined, 8);
    peer.commit('Merge pull request #8 from ada/steps\n\nTwo steps', 'v2');
    const compared = await source().compare(question);
    expect(compared.commits.map(({ pull }) => pull?.number)).toEqual([8, 8, 8]);
    expect(summarise(compared, { from: 'v1', to: 'v2', ticketUrl: null }).changes).toMatchObject([
      { title: 'Two steps', pull: 8 },
    ]);
  });

  it('says how far it lies behind when the order is the other way round', async () => {
    peer.commit('More', 'v2');
    const back = await source().compare({ ...question, from: 'v2', to: 'v1' });
    expect(back).toMatchObject({ commits: [], ahead: 0, behind: 1 });
  });

  it('turns pages and stops at five hundred', async () => {
    for (let index = 0; index < 620; index += 1) peer.commit(`Change ${index}`);
    peer.commit('The last', 'v2');
    const compared = await source().compare(question);
    expect(compared.commits).toHaveLength(500);
    expect(compared.ahead).toBe(621);
    expect(peer.asked).toHaveLength(5);
  });

  it.each([
    ['a limit', { status: 429 }, 'changes.unavailable'],
    [
      'the hourly limit',
      { status: 403, headers: { 'x-ratelimit-remaining': '0' } },
      'changes.unavailable',
    ],
    ['a failing server', { status: 502 }, 'changes.unavailable'],
    ['a token without rights', { status: 403 }, 'changes.unreadable'],
    ['a server that hangs', 'hang', 'changes.unavailable'],
    ['a proxy that answers itself', 'garbage', 'changes.unavailable'],
  ] as const)('takes %s for what it is', async (_what, fault, code) => {
    peer.commit('More', 'v2');
    peer.fail(fault);
    const hurried = createGitHub({ url: peer.url }, 'ghp_right', 1_000);
    await expect(hurried.compare(question)).rejects.toMatchObject({ code });
  });

  it('takes a wrong token, an unknown tag and a server that is gone for what they are', async () => {
    peer.commit('More', 'v2');
    const wrong = createGitHub({ url: peer.url }, 'ghp_wrong').compare(question);
    await expect(wrong).rejects.toMatchObject({ code: 'changes.unreadable', retryable: false });
    await expect(source().compare({ ...question, to: 'v9' })).rejects.toMatchObject({
      code: 'changes.unreadable',
    });
    await peer.close();
    await expect(source().compare(question)).rejects.toMatchObject({
      code: 'changes.unavailable',
      retryable: true,
    });
  });
});

it('reads what others took GitHub to be', async () => {
  const emulator = await createEmulator({ service: 'github', port: 0 });
  const call = async (method: string, path: string, body: object): Promise<unknown> => {
    const response = await fetch(`${emulator.url}${path}`, {
      method,
      headers: { authorization: 'token test_token_admin', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
    return response.json();
  };
  const write = (branch: string, path: string, message: string) =>
    call('PUT', `/repos/admin/shop/contents/${path}`, { message, branch, content: 'aGk=' });
  const head = async () => {
    const response = await fetch(`${emulator.url}/repos/admin/shop/git/ref/heads/main`, {
      headers: { authorization: 'token test_token_admin' },
    });
    return z.object({ object: z.object({ sha: z.string() }) }).parse(await response.json()).object
      .sha;
  };
  try {
    await call('POST', '/user/repos', { name: 'shop', auto_init: true });
    await write('main', 'a.txt', 'The beginning');
    const before = await head();
    await call('POST', '/repos/admin/shop/git/refs', { ref: 'refs/tags/v1', sha: before });
    await call('POST', '/repos/admin/shop/git/refs', { ref: 'refs/heads/fix', sha: before });
    await write('fix', 'b.txt', 'Fix it');
    await call('POST', '/repos/admin/shop/pulls', {
      title: 'SHOP-9: faster cart',
      body: '## Risk\nlocks',
      head: 'fix',
      base: 'main',
    });
    await call('PUT', '/repos/admin/shop/pulls/1/merge', { merge_method: 'merge' });
    await write('main', 'c.txt', 'By hand');
    await call('POST', '/repos/admin/shop/git/refs', { ref: 'refs/tags/v2', sha: await head() });
    const source = createGitHub({ url: emulator.url }, 'test_token_admin');
    const compared = await source.compare({ repository: 'admin/shop', from: 'v1', to: 'v2' });
    expect(compared.behind).toBe(0);
    expect(compared.commits.some(({ message }) => message === 'By hand')).toBe(true);
    const merged = compared.commits.find(({ pull }) => pull !== null);
    expect(merged?.pull).toMatchObject({ number: 1, title: 'SHOP-9: faster cart', branch: 'fix' });
  } finally {
    await emulator.close();
  }
});
