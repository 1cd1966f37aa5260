import { createDiscordDirectory } from '#adapters/discord/directory.ts';
import { createRest } from '#adapters/discord/rest.ts';
import type { Grant } from '#core/people.ts';
import { directoryContract } from '../../contracts/directory.ts';
import { startDiscordPeer } from '../../peers/discord/peer.ts';
import { botToken, guild } from '../../peers/discord/state.ts';
import { addChannel, addMember, addRole } from '../../peers/discord/world.ts';
import { silentLog as log } from '../silent.ts';
import { optionsFor } from './discord-world.ts';

const user = (number: number): string => `7000000000000000${number + 10}`;
const role = '600000000000000001';
const administrators = '600000000000000002';
const managed = '600000000000000003';

for (const kind of ['group', 'channel'] as const) {
  directoryContract(`discord, by ${kind === 'group' ? 'role' : 'channel'}`, async () => {
    const peer = await startDiscordPeer();
    peer.buckets.limits({ perBucket: 1_000 });
    addRole(peer, role);
    addRole(peer, administrators, '8');
    addRole(peer, managed, '0', { managed: true });
    const holds = () => ({ roles: new Set([role]) });
    const member = addMember(peer, user(1), holds());
    // Owner and administrator at once: nothing by that alone.
    const outsider = addMember(peer, user(2), { roles: new Set([administrators]) });
    peer.state.owner = outsider;
    const guest = addMember(peer, user(3), { ...holds(), pending: true });
    const bot = addMember(peer, user(4), { ...holds(), bot: true });
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const inactive = addMember(peer, user(5), { ...holds(), timedOutUntil: later });
    addRole(peer, '600000000000000009');
    peer.state.members.get('800000000000000001')?.roles.add('600000000000000009');
    addChannel(peer, '100000000000000001', [role, '600000000000000009']);
    addChannel(peer, '100000000000000002');
    const clock = { now: () => Date.now() };
    const rest = createRest({ token: botToken, options: optionsFor(peer), clock, log });
    const directory = createDiscordDirectory({ rest, guilds: [guild], clock, log });
    const place = { platform: 'discord', tenant: guild };
    const group = (id: string): Grant => ({ kind: 'group', ...place, group: id });
    const channel = (id: string): Grant => ({ kind: 'channel', ...place, channel: id });
    const account = (id: string) => ({ ...place, user: id });
    return {
      directory,
      grant: kind === 'group' ? group(role) : channel('100000000000000001'),
      unusable:
        kind === 'group'
          ? { everyone: group(guild), managed: group(managed), unknown: group('6999') }
          : { open: channel('100000000000000002'), unknown: channel('100000000000000009') },
      accounts: {
        member: account(member),
        outsider: account(outsider),
        guest: account(guest),
        bot: account(bot),
        inactive: account(inactive),
      },
      join: async (_grant, { user: id }) => void peer.state.members.get(id)?.roles.add(role),
      leave: async (_grant, { user: id }) => void peer.state.members.get(id)?.roles.delete(role),
      outage: async (on) => peer.outage(on),
      close: () => peer.close(),
    };
  });
}
