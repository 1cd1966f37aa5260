import { type GuildRole, type Overwrite, permissionsOf } from './permissions.ts';

/** A permission that Signalbox uses in a channel, by the number of its bit. */
interface Needed {
  readonly bit: number;
  readonly name: string;
  readonly why: string;
}

/** Every permission that is asked for, with its reason: there is no other. */
function neededIn(charts: 'image' | 'text'): readonly Needed[] {
  return [
    { bit: 10, name: 'View Channel', why: 'cards, and to see who else sees the channel' },
    { bit: 11, name: 'Send Messages', why: 'cards' },
    { bit: 35, name: 'Create Public Threads', why: 'the thread of a release' },
    { bit: 38, name: 'Send Messages in Threads', why: 'milestones in the thread of a release' },
    {
      bit: 16,
      name: 'Read Message History',
      why: 'to find a message again whose sending ended unclearly',
    },
    ...(charts === 'image'
      ? [{ bit: 15, name: 'Attach Files', why: 'metrics as pictures; `charts: text` does without' }]
      : []),
  ];
}

/** What our member lacks in a channel. An administrator lacks nothing. */
export function missingIn(
  who: { readonly guild: string; readonly user: string; readonly roles: readonly string[] },
  roles: readonly GuildRole[],
  overwrites: readonly Overwrite[],
  charts: 'image' | 'text',
): readonly Needed[] {
  if (isAdministrator(who, roles)) return [];
  const held = permissionsOf(who, roles, overwrites);
  return neededIn(charts).filter(({ bit }) => (held & (1n << BigInt(bit))) === 0n);
}

/** Whether a role of ours has the permission that stands for all others. */
export function isAdministrator(
  who: { readonly guild: string; readonly roles: readonly string[] },
  roles: readonly GuildRole[],
): boolean {
  return roles.some(
    ({ id, permissions }) =>
      (id === who.guild || who.roles.includes(id)) && (BigInt(permissions) & 8n) !== 0n,
  );
}

/** Where the application is added to a server with these permissions and no others. */
export function inviteUrl(application: string, charts: 'image' | 'text'): string {
  const permissions = neededIn(charts).reduce((sum, { bit }) => sum | (1n << BigInt(bit)), 0n);
  const query = `client_id=${application}&scope=bot+applications.commands`;
  return `https://discord.com/oauth2/authorize?${query}&permissions=${permissions}`;
}
