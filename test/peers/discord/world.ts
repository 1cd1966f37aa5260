import type { DiscordPeer } from './peer.ts';
import { bits, type Channel, guild, type Member } from './state.ts';

export function addMember(
  peer: DiscordPeer,
  user: string,
  facts: Partial<Omit<Member, 'user'>> = {},
): string {
  peer.state.members.set(user, {
    user,
    bot: false,
    roles: new Set(),
    pending: false,
    timedOutUntil: null,
    ...facts,
  });
  return user;
}

export function addRole(
  peer: DiscordPeer,
  id: string,
  permissions = '0',
  facts: object = {},
): string {
  peer.state.roles.set(id, { id, name: `role ${id}`, permissions, managed: false, ...facts });
  return id;
}

/** A text channel; hidden from everybody where `only` names the roles that see it. */
export function addChannel(
  peer: DiscordPeer,
  id: string,
  only: readonly string[] | null = null,
): Channel {
  const view = bits(10);
  const overwrites =
    only === null
      ? []
      : [
          { id: guild, type: 0 as const, allow: '0', deny: view },
          ...only.map((role) => ({ id: role, type: 0 as const, allow: view, deny: '0' })),
        ];
  const channel: Channel = {
    id,
    guild,
    type: 0,
    parent: null,
    person: null,
    overwrites,
    archived: false,
  };
  peer.state.channels.set(id, channel);
  return channel;
}
