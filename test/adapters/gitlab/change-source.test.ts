import { afterEach, beforeEach, expect, it } from 'vitest';
import { createGitLab } from '#adapters/gitlab/index.ts';
import { startGitLabPeer } from '../../peers/gitlab/gitlab.ts';

const question = { repository: 'acme/tools/shop', from: 'v1', to: 'v2' };

let peer: Awaited<ReturnType<typeof startGitLabPeer>>;
const source = (token = 'glpat-right', patienceMs = 8000) =>
  createGitLab({ url: peer.url }, token, patienceMs);

beforeEach(async () => {
  peer = await startGitLabPeer({ token: 'glpat-right' });
  peer.commit('The beginning', 'v1');
});
afterEach(() => peer.close());

it('reads commits with the merge requests through which they came', async () => {
  peer.request(7, { title: 'Faster cart', description: '## Risk\nlocks' });
  peer.commit('Step one', undefined, 7);
  peer.commit(
    "Merge branch 'fix' into 'main'\n\nFaster cart\n\nSee merge request acme/tools/shop!7",
  );
  peer.commit('Squashed\n\nSee merge request !9');
  peer.commit('By hand', 'v2');
  const compared = await source().compare(question);
  expect(compared).toMatchObject({ ahead: 4, behind: 0 });
  expect(compared.url).toContain('v1...v2');
  expect(
    compared.commits.map(({ message, pull }) => [message.split('\n')[0], pull?.number]),
  ).toEqual([
    ['Step one', 7],
    ["Merge branch 'fix' into 'main'", 7],
    ['Squashed', undefined],
    ['By hand', undefined],
  ]);
  expect(compared.commits[0]).toMatchObject({
    author: 'Ada',
    at: Date.parse('2026-11-19T01:00:00+01:00'),
    pull: { title: 'Faster cart', body: '## Risk\nlocks', author: 'grace', branch: 'fix' },
  });
  const back = await source().compare({ ...question, from: 'v2', to: 'v1' });
  expect(back).toMatchObject({ commits: [], ahead: 0, behind: 4 });
});

it.each([
  ['a limit', { status: 429 }, 'changes.unavailable'],
  ['a failing server', { status: 502 }, 'changes.unavailable'],
  ['a server that hangs', 'hang', 'changes.unavailable'],
  ['a proxy that answers itself', 'garbage', 'changes.unavailable'],
  ['a token without rights', { status: 403 }, 'changes.unreadable'],
] as const)('takes %s for what it is', async (_what, fault, code) => {
  peer.fail(fault);
  await expect(source('glpat-right', 200).compare(question)).rejects.toMatchObject({ code });
});

it('takes a wrong token and an unknown tag for what they are', async () => {
  await expect(source('glpat-wrong').compare(question)).rejects.toMatchObject({
    code: 'changes.unreadable',
  });
  await expect(source().compare({ ...question, to: 'v9' })).rejects.toMatchObject({
    code: 'changes.unreadable',
    retryable: false,
  });
});

it('takes its token nowhere else', async () => {
  const other = await startGitLabPeer({ token: 'glpat-right' });
  try {
    peer.fail({ status: 302, location: `${other.url}/api/v4/projects` });
    await expect(source().compare(question)).rejects.toMatchObject({ code: 'changes.unavailable' });
    expect(other.tokens).toEqual([]);
  } finally {
    await other.close();
  }
});
