import { createConfirmations } from '#adapters/discord/confirmations.ts';
import { createPictures } from '#adapters/discord/pictures.ts';
import { createDiscordPlatform } from '#adapters/discord/platform.ts';
import { createRest } from '#adapters/discord/rest.ts';
import { chatContract, type InjectedFault } from '../../contracts/chat.ts';
import type { PeerFault } from '../../peers/discord/faults.ts';
import { startDiscordPeer } from '../../peers/discord/peer.ts';
import { seenMessage } from '../../peers/discord/seen.ts';
import { application, botToken, guild } from '../../peers/discord/state.ts';
import { addChannel, addMember, addRole } from '../../peers/discord/world.ts';
import { silentLog as log } from '../silent.ts';
import { optionsFor } from './discord-world.ts';
import { onePixel } from './press.ts';

const ids = { one: '100000000000000001', two: '100000000000000002', three: '100000000000000003' };
const ada = '700000000000000001';

for (const charts of ['image', 'text'] as const) {
  chatContract(`discord, charts as ${charts}`, async () => {
    const peer = await startDiscordPeer();
    peer.buckets.limits({ perBucket: 1_000 });
    addMember(peer, ada);
    addChannel(peer, ids.one);
    addChannel(peer, ids.two);
    addChannel(peer, ids.three, [addRole(peer, '600000000000000001')]);
    const clock = { now: () => Date.now() };
    const chat = createDiscordPlatform({
      rest: createRest({ token: botToken, options: optionsFor(peer), clock, log }),
      pictures: createPictures({
        paint: async () => onePixel,
        everyMs: 30_000,
        clock,
        log,
      }),
      confirmations: createConfirmations(),
      charts,
      requestsPerSecond: 50,
      clock,
    });
    const place = { platform: 'discord', tenant: guild, thread: null };
    return {
      chat,
      channel: { ...place, channel: ids.one },
      otherChannel: { ...place, channel: ids.two },
      forbiddenChannel: { ...place, channel: ids.three },
      person: { tenant: guild, user: ada },
      seen: async ({ channel, thread }) =>
        peer.state.messages
          .filter((one) => one.channel === (thread ?? channel) && one.alone === null)
          .map(seenMessage),
      seenAlone: async () =>
        peer.state.messages
          .filter(
            (one) => one.alone === ada || peer.state.channels.get(one.channel)?.person === ada,
          )
          .map(seenMessage),
      async interaction() {
        const begun = peer.people.begin(2, ada, { channel: ids.one });
        peer.answer(begun, { type: 5, data: { flags: 64 } });
        return {
          tenant: guild,
          channel: ids.one,
          thread: null,
          user: ada,
          application,
          token: begun.token,
          until: Date.now() + 60_000,
        };
      },
      async inject(call, fault) {
        const found = faultOf(call, fault);
        if (found === null) return false;
        peer.faults.next(call, found);
        return true;
      },
      async remove({ message }) {
        peer.state.messages = peer.state.messages.filter(({ id }) => id !== message);
      },
      writes: () => peer.calls.filter(({ method }) => method !== 'GET').length,
      close: () => peer.close(),
    };
  });
}

function faultOf(call: 'post' | 'edit', fault: InjectedFault): PeerFault | null {
  switch (fault) {
    case 'rate_limited':
      return { kind: 'ratelimited', retryAfter: 3 };
    case 'ambiguous_done':
      return { kind: 'done_503' };
    case 'ambiguous_lost':
      return { kind: 'lost_503' };
    case 'not_allowed':
      return { kind: 'error', status: 403, code: 50_013 };
    case 'auth_lost':
      return { kind: 'error', status: 401, code: 0 };
    case 'unavailable':
      // A post that met a 503 is unclear, an edit is simply asked again.
      return call === 'edit' ? { kind: 'lost_503' } : null;
  }
}
