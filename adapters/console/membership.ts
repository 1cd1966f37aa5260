import type { ConsoleAccount } from '#ports/console-store.ts';
import type { ConsoleChannel } from './options.ts';

/** How somebody is a member of a channel, in words for the evidence. Null: not a member. */
export function memberBy(
  channel: ConsoleChannel,
  user: string,
  account: ConsoleAccount | null,
): string | null {
  if (channel.members.includes(user)) return 'listed in the settings';
  const group = account?.groups.find((held) => channel.groups.includes(held));
  return group === undefined ? null : `holder of group ${group}`;
}

/** The conversation that Signalbox has with one person. */
export function directChannel(user: string): string {
  return `dm:${user}`;
}
