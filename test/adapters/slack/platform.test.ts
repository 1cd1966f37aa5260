import { expect, it } from 'vitest';
import { createInstallations } from '#adapters/slack/installations.ts';
import { createSlackPlatform } from '#adapters/slack/platform.ts';
import { chatContract, type InjectedFault } from '../../contracts/chat.ts';
import type { PeerFault } from '../../peers/slack/faults.ts';
import { startSlackPeer } from '../../peers/slack/peer.ts';
import { seenMessage } from '../../peers/slack/seen.ts';
import { directChannel, team } from '../../peers/slack/state.ts';
import { addChannel, addUser } from '../../peers/slack/world.ts';
import { silentLog as silent } from '../silent.ts';

for (const charts of [true, false]) {
  chatContract(`slack, ${charts ? 'with' : 'without'} native charts`, async () => {
    const peer = await startSlackPeer({ charts });
    const ada = addUser(peer, 'U0000ADA');
    for (const id of ['C1', 'C2']) addChannel(peer, id, [ada]);
    addChannel(peer, 'C3', [ada], { without: true });
    const clock = { now: () => Date.now() };
    const installations = createInstallations({
      tokens: ['xoxb-peer'],
      api: peer.api,
      clock,
      log: silent,
    });
    const options = { api: peer.api, charts: 'native' } as const;
    const chat = createSlackPlatform({ installations, options, clock, log: silent });
    const place = { platform: 'slack', tenant: team, thread: null };
    const base = peer.api.replace('/api/', '');
    return {
      chat,
      channel: { ...place, channel: 'C1' },
      otherChannel: { ...place, channel: 'C2' },
      forbiddenChannel: { ...place, channel: 'C3' },
      person: { tenant: team, user: ada },
      seen: async ({ channel, thread }) =>
        peer.state.messages
          .filter((one) => one.channel === channel && one.thread === thread)
          .map(seenMessage)
          .map((one) => ({
            ...one,
            buttons: one.buttons.map(({ label, token }) => ({ label, token })),
          })),
      seenAlone: async () =>
        [
          ...peer.state.messages.filter(({ channel }) => channel === directChannel(ada)),
          ...peer.state.whispers.filter(({ user }) => user === ada),
        ].map(seenMessage),
      interaction: async () => ({
        tenant: team,
        channel: 'C1',
        thread: null,
        user: ada,
        responseUrl: peer.triggers.issueUrl(base, { user: ada, channel: 'C1' }),
        until: Date.now() + 60_000,
      }),
      async inject(call, fault) {
        const found = faultOf(fault);
        if (found === null) return false;
        peer.faults.next(call === 'post' ? 'chat.postMessage' : 'chat.update', found);
        return true;
      },
      async remove({ message }) {
        const at = peer.state.messages.findIndex(({ ts }) => ts === message);
        peer.state.messages.splice(at, 1);
      },
      writes: () => peer.calls.filter(({ method }) => method.startsWith('chat.')).length,
      close: () => peer.close(),
    };
  });
}

function faultOf(fault: InjectedFault): PeerFault | null {
  switch (fault) {
    case 'rate_limited':
      return { kind: 'ratelimited', retryAfter: 3 };
    case 'ambiguous_done':
      return { kind: 'done_503' };
    case 'ambiguous_lost':
      return { kind: 'lost_503' };
    case 'not_allowed':
      return { kind: 'error', error: 'restricted_action' };
    case 'auth_lost':
      return { kind: 'error', error: 'token_revoked' };
    case 'unavailable':
      return { kind: 'error', error: 'service_unavailable' };
  }
}

it('mentions a group that is meant to notice, and no group of another platform', async () => {
  const peer = await startSlackPeer();
  addChannel(peer, 'C1', []);
  const parts = { clock: { now: () => Date.now() }, log: silent };
  const installations = createInstallations({ tokens: ['xoxb-peer'], api: peer.api, ...parts });
  const options = { api: peer.api, charts: 'native' } as const;
  const chat = createSlackPlatform({ installations, options, ...parts });
  const group = (platform: string, id: string) =>
    ({ kind: 'group', group: { platform, tenant: team, group: id }, name: 'approver' }) as const;
  const line = ['Asked: ', group('slack', 'S1'), group('discord', 'S2'), group('slack', '<!here>')];
  const view = {
    tone: 'waiting',
    title: 't',
    summary: 's',
    blocks: [{ kind: 'text', line }],
  } as const;
  await chat.post({ platform: 'slack', tenant: team, channel: 'C1', thread: null }, view, 'k');
  const [posted] = peer.state.messages;
  expect(posted && seenMessage(posted).pings).toEqual(['{"type":"usergroup","usergroup_id":"S1"}']);
  expect(posted && seenMessage(posted).text).toContain('approverapprover');
  expect(peer.refused).toEqual([]);
  await peer.close();
});
