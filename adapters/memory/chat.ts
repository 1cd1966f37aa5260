import { Fault } from '#core/fault.ts';
import type { View } from '#core/message.ts';
import type { ChatCapabilities, ChatPlatform, MessageRef, RateScope } from '#ports/chat.ts';
import type { Clock } from '#ports/clock.ts';
import type { ChannelRef, Reply } from '#ports/gateway.ts';
import { type ChatFault, createFaultPlan, type FaultPlan } from './chat-faults.ts';

/** A message as it stands in the memory chat. */
export interface MemoryMessage {
  readonly ref: MessageRef;
  readonly key: string;
  readonly view: View;
  /** The user who alone sees it; null when everybody in the channel does. */
  readonly onlyFor: string | null;
  readonly postedAt: number;
  readonly edits: number;
}

/** One call that reached the platform, whatever became of it. */
export interface MemoryCall {
  readonly call: 'post' | 'edit' | 'find' | 'reply' | 'tell';
  readonly at: number;
  readonly channel: ChannelRef | null;
  readonly key: string;
  readonly view: View | null;
  readonly fault: ChatFault['kind'] | null;
}

/** The platform, and the world behind it for tests to look at and to disturb. */
export interface MemoryChat {
  readonly platform: ChatPlatform;
  readonly world: {
    calls(): readonly MemoryCall[];
    /** What everybody sees in the channel or its thread, oldest first. */
    messages(channel: ChannelRef): readonly MemoryMessage[];
    /** What one person was told alone, oldest first. */
    told(user: string): readonly MemoryMessage[];
    /** What was answered to an inbound, by what its `replyTo` was, oldest first. */
    replies(replyTo: unknown): readonly Reply[];
    /** Somebody deletes a message. */
    remove(message: MessageRef): void;
    readonly faults: FaultPlan;
  };
}

const plainCapabilities: ChatCapabilities = {
  ephemeral: 'anytime',
  chart: 'text',
  confirm: 'native',
  commandInThread: true,
  editScope: 'channel',
  editAgeMaxMs: null,
  dedupeSend: false,
  relativeTime: true,
};

/**
 * A chat platform in memory, with the promises of the real ones: messages exist until they are
 * deleted, an unclear send may or may not have been done, and a channel it is not in refuses it.
 */
export function createMemoryChat(options: {
  readonly clock: Clock;
  readonly name?: string;
  readonly capabilities?: Partial<ChatCapabilities>;
  readonly scopes?: (call: 'post' | 'edit' | 'reply', channel: ChannelRef) => readonly RateScope[];
  /** Channel ids it is in; absent: all. */
  readonly channels?: readonly string[];
}): MemoryChat {
  const { clock } = options;
  const name = options.name ?? 'memory';
  const capabilities = { ...plainCapabilities, ...options.capabilities };
  const faults = createFaultPlan(name);
  const messages: MemoryMessage[] = [];
  const calls: MemoryCall[] = [];
  const answers: { readonly replyTo: unknown; readonly reply: Reply }[] = [];
  let counter = 0;

  /** Runs one call as the fault plan wants it: `done` says whether it took effect before it failed. */
  function perform<T>(call: Omit<MemoryCall, 'at' | 'fault'>, effect: () => T): T {
    const fault = faults.next(call.call);
    calls.push({ ...call, at: clock.now(), fault: fault?.kind ?? null });
    if (fault === null) return effect();
    if (fault.kind === 'ambiguous' && fault.done) effect();
    throw faults.thrown(fault);
  }

  function post(channel: ChannelRef, view: View, key: string, onlyFor: string | null): MessageRef {
    if (options.channels !== undefined && onlyFor === null) requireMember(channel);
    const twin = messages.find((message) => message.key === key);
    if (capabilities.dedupeSend && twin !== undefined) return twin.ref;
    counter += 1;
    const ref = { channel, message: `m${counter}` };
    messages.push({ ref, key, view, onlyFor, postedAt: clock.now(), edits: 0 });
    return ref;
  }

  function requireMember(channel: ChannelRef): void {
    if (options.channels?.includes(channel.channel)) return;
    throw new Fault('chat.not_allowed', 'Signalbox is not in that channel', { retryable: false });
  }

  const platform: ChatPlatform = {
    name,
    capabilities,
    scopes: options.scopes ?? ((call, channel) => looseScopes(name, call, channel)),
    post: async (channel, view, key) =>
      perform({ call: 'post', channel, key, view }, () => post(channel, view, key, null)),
    find: async (channel, key) =>
      perform({ call: 'find', channel, key, view: null }, () => {
        const found = messages.find((message) => message.key === key && inPlace(message, channel));
        return found?.ref ?? null;
      }),
    edit: async (ref, view, key) =>
      perform({ call: 'edit', channel: ref.channel, key, view }, () => {
        const index = messages.findIndex((message) => sameMessage(message.ref, ref));
        const former = messages[index];
        if (former === undefined) {
          throw new Fault('chat.gone', 'The message is no longer there', { retryable: false });
        }
        messages[index] = { ...former, view, edits: former.edits + 1 };
      }),
    reply: async (replyTo, reply) =>
      perform({ call: 'reply', channel: null, key: '', view: reply.view }, () => {
        answers.push({ replyTo, reply });
      }),
    tell: async (account, view, key) => {
      const channel = {
        platform: name,
        tenant: account.tenant,
        channel: `direct-${account.user}`,
        thread: null,
      };
      return perform({ call: 'tell', channel, key, view }, () =>
        post(channel, view, key, account.user),
      );
    },
  };

  return {
    platform,
    world: {
      calls: () => calls,
      messages: (channel) =>
        messages.filter((message) => inPlace(message, channel) && message.onlyFor === null),
      told: (user) => messages.filter((message) => message.onlyFor === user),
      replies: (replyTo) =>
        answers.filter((one) => Object.is(one.replyTo, replyTo)).map(({ reply }) => reply),
      remove(ref) {
        const index = messages.findIndex((message) => sameMessage(message.ref, ref));
        if (index >= 0) messages.splice(index, 1);
      },
      faults,
    },
  };
}

function looseScopes(name: string, call: string, channel: ChannelRef): readonly RateScope[] {
  return [{ scope: `${name}:${call}:${channel.channel}`, capacity: 1000, perSecond: 1000 }];
}

function inPlace(message: MemoryMessage, channel: ChannelRef): boolean {
  const at = message.ref.channel;
  return (
    at.tenant === channel.tenant && at.channel === channel.channel && at.thread === channel.thread
  );
}

function sameMessage(a: MessageRef, b: MessageRef): boolean {
  return a.message === b.message && a.channel.channel === b.channel.channel;
}
