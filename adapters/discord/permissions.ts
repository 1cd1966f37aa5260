/** A role of a server, with its permission bits as Discord writes them. */
export interface GuildRole {
  readonly id: string;
  readonly permissions: string;
}

/** An exception of a channel: type 0 for a role, 1 for a member. */
export interface Overwrite {
  readonly id: string;
  readonly type: number;
  readonly allow: string;
  readonly deny: string;
}

interface Who {
  readonly guild: string;
  readonly user: string;
  readonly roles: readonly string[];
}

const viewChannel = 1n << 10n;

/**
 * Whether roles and exceptions let somebody see a channel (discord.com/developers/docs/topics/
 * permissions), without the short cut for owners and administrators.
 */
export function mayView(
  who: Who,
  roles: readonly GuildRole[],
  overwrites: readonly Overwrite[],
): boolean {
  return (permissionsOf(who, roles, overwrites) & viewChannel) !== 0n;
}

/** All permission bits of somebody in a channel, without any short cut. */
export function permissionsOf(
  { guild, user, roles: held }: Who,
  roles: readonly GuildRole[],
  overwrites: readonly Overwrite[],
): bigint {
  const base = roles
    .filter(({ id }) => id === guild || held.includes(id))
    .reduce((sum, { permissions }) => sum | BigInt(permissions), 0n);
  const stages = [
    overwrites.filter(({ id }) => id === guild),
    overwrites.filter(({ id, type }) => type === 0 && id !== guild && held.includes(id)),
    overwrites.filter(({ id, type }) => type === 1 && id === user),
  ];
  return stages.reduce((allowed, stage) => {
    const deny = stage.reduce((sum, one) => sum | BigInt(one.deny), 0n);
    const allow = stage.reduce((sum, one) => sum | BigInt(one.allow), 0n);
    return (allowed & ~deny) | allow;
  }, base);
}
