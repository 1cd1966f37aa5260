import { z } from 'zod';
import { Fault } from '#core/fault.ts';
import type { View } from '#core/message.ts';
import type { ChatPlatform, MessageRef } from '#ports/chat.ts';
import type { ConsoleMessage } from '#ports/console-store.ts';
import type { ChannelRef } from '#ports/gateway.ts';
import type { Store } from '#ports/store.ts';
import { directChannel } from './membership.ts';
import { consoleTenant, type Roster } from './roster.ts';

/** How an inbound of the console is answered: where, and to whom when privately. */
export const ReplyTo = z.strictObject({
  channel: z.string(),
  thread: z.number().int().nullable(),
  user: z.string(),
  deliveryId: z.string(),
});
export type ReplyTo = z.infer<typeof ReplyTo>;

interface PlatformParts {
  readonly roster: () => Roster;
  readonly store: Store;
  /** Something was posted or edited: streams should look. */
  readonly poke: () => void;
}

/** The name under which Signalbox writes. */
export const authorName = 'Signalbox';

/** The console as a chat platform: its messages live in the store, its readers on the stream. */
export function createConsolePlatform(parts: PlatformParts): ChatPlatform {
  async function write(message: {
    readonly channel: string;
    readonly thread: number | null;
    readonly key: string;
    readonly onlyFor: string | null;
    readonly view: View;
  }): Promise<MessageRef> {
    const posted = await parts.store.transact((tx) =>
      tx.postConsole({ ...message, author: null, authorName }),
    );
    parts.poke();
    return reference(posted);
  }

  return {
    name: 'console',
    capabilities: {
      ephemeral: 'anytime',
      chart: 'native',
      confirm: 'native',
      commandInThread: true,
      editScope: 'channel',
      editAgeMaxMs: null,
      dedupeSend: true,
      relativeTime: true,
    },
    /** Not a limit of the platform: it keeps one channel's ticks from crowding out the others. */
    scopes: (_call, channel) => [
      { scope: `console:${channel.channel}`, capacity: 60, perSecond: 20 },
    ],
    async post(channel, view, key) {
      const place = known(parts.roster(), channel);
      return write({ ...place, key, onlyFor: null, view });
    },
    async find(_channel, key) {
      const found = await parts.store.transact((tx) => tx.findConsole(key));
      return found === null ? null : reference(found);
    },
    async edit(message, view) {
      const id = Number(message.message);
      const edited = Number.isSafeInteger(id)
        ? await parts.store.transact((tx) => tx.editConsole(id, view))
        : null;
      if (edited === null) {
        throw new Fault('chat.gone', 'The console has no such message', { retryable: false });
      }
      parts.poke();
    },
    async reply(replyTo, reply) {
      const to = ReplyTo.safeParse(replyTo);
      if (!to.success) {
        throw new Fault('chat.invalid', 'Not a reply address of the console', { retryable: false });
      }
      await write({
        channel: to.data.channel,
        thread: to.data.thread,
        key: `answer:${to.data.deliveryId}`,
        onlyFor: reply.visibility === 'private' ? to.data.user : null,
        view: reply.view,
      });
    },
    async tell(account, view, key) {
      if (account.tenant !== consoleTenant) {
        throw new Fault('chat.not_allowed', 'Not a console account', { retryable: false });
      }
      const channel = directChannel(account.user);
      return write({ channel, thread: null, key, onlyFor: account.user, view });
    },
  };
}

function known(
  roster: Roster,
  channel: ChannelRef,
): { readonly channel: string; readonly thread: number | null } {
  const direct = channel.channel.startsWith('dm:');
  if (channel.tenant !== consoleTenant || !(direct || roster.channels.has(channel.channel))) {
    throw new Fault('chat.not_allowed', 'The console has no such channel', { retryable: false });
  }
  return {
    channel: channel.channel,
    thread: channel.thread === null ? null : Number(channel.thread),
  };
}

function reference(message: ConsoleMessage): MessageRef {
  return {
    channel: {
      platform: 'console',
      tenant: consoleTenant,
      channel: message.channel,
      thread: message.thread === null ? null : String(message.thread),
    },
    message: String(message.id),
  };
}
