import type { ConsoleMessage, ConsoleStore } from '#ports/console-store.ts';
import { directChannel, memberBy } from './membership.ts';
import { Refused } from './refused.ts';
import type { Roster } from './roster.ts';
import type { ChannelInfo } from './wire.ts';

/** What one person may see of the chat. */
export interface Rooms {
  readonly list: readonly ChannelInfo[];
  sees(message: Pick<ConsoleMessage, 'channel' | 'onlyFor'>): boolean;
  /** @throws Refused when there is no such channel for this person */
  enter(channel: string): ChannelInfo;
}

/** Works out the channels of a person: open ones, those they are a member of, and their own direct one. */
export async function roomsOf(
  tx: Pick<ConsoleStore, 'consoleAccount' | 'consoleReads'>,
  roster: Roster,
  user: string,
): Promise<Rooms> {
  const account = roster.options.oidc === undefined ? null : await tx.consoleAccount(user);
  const reads = new Map((await tx.consoleReads(user)).map(({ channel, id }) => [channel, id]));
  const list: ChannelInfo[] = [];
  for (const [id, channel] of roster.channels) {
    if (!channel.open && memberBy(channel, user, account) === null) continue;
    list.push({
      id,
      kind: 'channel',
      topic: channel.topic,
      open: channel.open,
      members: channel.members,
      readUpTo: reads.get(id) ?? 0,
    });
  }
  const direct = directChannel(user);
  list.push({
    id: direct,
    kind: 'direct',
    topic: 'What Signalbox tells you alone.',
    open: false,
    members: [user],
    readUpTo: reads.get(direct) ?? 0,
  });
  const ids = new Set(list.map((room) => room.id));

  return {
    list,
    sees: (message) =>
      ids.has(message.channel) && (message.onlyFor === null || message.onlyFor === user),
    enter(channel) {
      const room = list.find((one) => one.id === channel);
      if (room !== undefined) return room;
      throw new Refused(
        404,
        'command.not_here',
        `There is no channel ${channel} that you are a member of.`,
        'Choose one of the channels in the side bar.',
      );
    },
  };
}
