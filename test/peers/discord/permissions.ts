import { guild, type State } from './state.ts';

/** What a member may do in a channel, administrators everything, as Discord computes it. */
export function permissionsIn(state: State, user: string, channelId: string): bigint {
  const member = state.members.get(user);
  const own = state.channels.get(channelId);
  const channel = own?.parent == null ? own : state.channels.get(own.parent);
  if (member === undefined || channel === undefined) return 0n;
  if (channel.guild === null) return ~0n;
  const roles = [guild, ...member.roles];
  let allowed = roles.reduce(
    (sum, id) => sum | BigInt(state.roles.get(id)?.permissions ?? '0'),
    0n,
  );
  if (user === state.owner || (allowed & 8n) !== 0n) return ~0n;
  const apply = (allow: bigint, deny: bigint): void => {
    allowed = (allowed & ~deny) | allow;
  };
  const everyone = channel.overwrites.find(({ id }) => id === guild);
  if (everyone !== undefined) apply(BigInt(everyone.allow), BigInt(everyone.deny));
  const ofRoles = channel.overwrites.filter(({ id, type }) => type === 0 && member.roles.has(id));
  apply(
    ofRoles.reduce((sum, one) => sum | BigInt(one.allow), 0n),
    ofRoles.reduce((sum, one) => sum | BigInt(one.deny), 0n),
  );
  const personal = channel.overwrites.find(({ id, type }) => type === 1 && id === user);
  if (personal !== undefined) apply(BigInt(personal.allow), BigInt(personal.deny));
  return allowed;
}

export function may(state: State, user: string, channel: string, bit: number): boolean {
  return (permissionsIn(state, user, channel) & (1n << BigInt(bit))) !== 0n;
}
