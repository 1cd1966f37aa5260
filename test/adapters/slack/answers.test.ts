import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { answerByUrl } from '#adapters/slack/answer-by-url.ts';
import { createInstallations } from '#adapters/slack/installations.ts';
import { createSlackPlatform } from '#adapters/slack/platform.ts';
import type { View } from '#core/message.ts';
import { type SlackPeer, startSlackPeer } from '../../peers/slack/peer.ts';
import { seenMessage } from '../../peers/slack/seen.ts';
import { directChannel, team } from '../../peers/slack/state.ts';
import { addChannel, addUser } from '../../peers/slack/world.ts';
import { silentLog as log } from '../silent.ts';

let peer: SlackPeer;
afterEach(() => peer.close());

const view: View = { tone: 'neutral', title: 'for you alone', summary: 's', blocks: [] };
const silent = { refusal: null, rollout: null, data: null } as const;

/** A process's platform: each call is a start of its own. */
function startPlatform(now = () => Date.now()) {
  const parts = { clock: { now }, log };
  const installations = createInstallations({ tokens: ['xoxb-peer'], api: peer.api, ...parts });
  return createSlackPlatform({
    installations,
    options: { api: peer.api, charts: 'native' },
    ...parts,
  });
}

async function workspace(): Promise<void> {
  peer = await startSlackPeer();
  addChannel(peer, 'C1', [addUser(peer, 'UADA')]);
}

it('keeps the pace of private answers, and leaves the rest to the scheduler', async () => {
  await workspace();
  let now = 1_000_000;
  const platform = startPlatform(() => now);
  const to = {
    tenant: team,
    channel: 'C1',
    thread: null,
    user: 'UADA',
    responseUrl: null,
    until: 0,
  };
  const reply = () => platform.reply(to, { visibility: 'private', view, ...silent });
  for (let count = 0; count < 10; count += 1) await reply();
  const [scope] = platform.scopes('reply', { platform: 'slack', ...to });
  await expect(reply()).rejects.toMatchObject({
    code: 'chat.rate_limited',
    scope: scope?.scope,
    retryAfterMs: expect.closeTo(667, -1),
  });
  expect(peer.state.whispers).toHaveLength(10);
  now += 700;
  await reply();
  expect(peer.state.whispers).toHaveLength(11);
});

it('finds a direct message again after a restart, and repeats none', async () => {
  await workspace();
  const person = { tenant: team, user: 'UADA' };
  peer.faults.next('chat.postMessage', { kind: 'done_reset' });
  await expect(startPlatform().tell(person, view, 'k.1')).rejects.toMatchObject({
    code: 'chat.ambiguous',
  });
  const found = await startPlatform().tell(person, view, 'k.1', true);
  await startPlatform().tell(person, view, 'k.2', true);
  const told = peer.state.messages.filter(({ channel }) => channel === directChannel('UADA'));
  expect(told.map(({ ts }) => ts)).toEqual([found.message, expect.any(String)]);
  expect(told.map((one) => seenMessage(one).text)).toEqual([
    expect.stringContaining('for you alone'),
    expect.stringContaining('for you alone'),
  ]);
});

it('row 56: follows no redirect of a response address', async () => {
  await workspace();
  const reached: string[] = [];
  const server = createServer((request, response) => {
    reached.push(request.url ?? '');
    response.writeHead(307, { location: '/inside' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const message = { text: 'secret', blocks: [] };
  const sent = answerByUrl(`http://127.0.0.1:${port}/asked`, message, {
    private: true,
    thread: null,
  });
  await expect(sent).rejects.toMatchObject({ code: 'chat.unavailable' });
  expect(reached).toEqual(['/asked']);
  server.close();
});
