import { type Signal, signal } from '@preact/signals';
import { get } from '#adapters/console/page/http.ts';
import type { MessagePage, WireMessage } from '#adapters/console/wire.ts';
import type { ConsoleThread } from '#ports/console-store.ts';

/** The messages of a channel, or of a thread, as far as loaded. Oldest first. */
export interface Conversation {
  readonly channel: string;
  readonly thread: number | null;
  readonly messages: Signal<readonly WireMessage[]>;
  readonly threads: Signal<ReadonlyMap<number, ConsoleThread>>;
  readonly state: Signal<'empty' | 'loading' | 'ready' | 'failed'>;
  /** There are older ones on the server. */
  readonly more: Signal<boolean>;
}

const conversations = new Map<string, Conversation>();

/** The conversation of a channel or thread; it is loaded by `loadConversation`. */
export function conversation(channel: string, thread: number | null = null): Conversation {
  const key = `${channel}#${thread ?? ''}`;
  const known = conversations.get(key);
  if (known !== undefined) return known;
  const made: Conversation = {
    channel,
    thread,
    messages: signal([]),
    threads: signal(new Map()),
    state: signal('empty'),
    more: signal(false),
  };
  conversations.set(key, made);
  return made;
}

/** Loads the newest page unless that was done. */
export async function loadConversation(of: Conversation): Promise<void> {
  if (of.state.value === 'ready' || of.state.value === 'loading') return;
  of.state.value = 'loading';
  try {
    take(of, await fetchPage(of, null));
    of.state.value = 'ready';
  } catch {
    of.state.value = 'failed';
  }
}

/** Loads the page before the oldest message. */
export async function loadOlder(of: Conversation): Promise<void> {
  const oldest = of.messages.value[0];
  if (oldest === undefined || !of.more.value || of.state.value === 'loading') return;
  of.state.value = 'loading';
  try {
    take(of, await fetchPage(of, oldest.id));
  } finally {
    of.state.value = 'ready';
  }
}

/** Loads every conversation again that is shown: the stream missed too much. */
export async function reloadConversations(): Promise<void> {
  for (const of of conversations.values()) {
    if (of.state.value === 'empty') continue;
    const page = await fetchPage(of, null);
    of.messages.value = page.messages;
    of.more.value = page.more;
    take(of, page);
  }
}

/** Takes in a message from the stream or an answer. An older version never replaces a newer one. */
export function receive(message: WireMessage): void {
  const own = conversations.get(`${message.channel}#${message.thread ?? ''}`);
  if (own !== undefined) put(own, [message]);
  const above = conversations.get(`${message.channel}#`);
  if (message.thread !== null && message.onlyFor === null) countReply(above, message);
}

function countReply(above: Conversation | undefined, reply: WireMessage): void {
  if (above === undefined || reply.thread === null || reply.editedAt !== null) return;
  const known = above.threads.value.get(reply.thread);
  if (known !== undefined && reply.postedAt <= known.lastAt) return;
  above.threads.value = new Map(above.threads.value).set(reply.thread, {
    message: reply.thread,
    replies: (known?.replies ?? 0) + 1,
    lastAt: reply.postedAt,
  });
}

async function fetchPage(of: Conversation, before: number | null): Promise<MessagePage> {
  return get<MessagePage>('/api/messages', {
    channel: of.channel,
    ...(of.thread === null ? {} : { thread: String(of.thread) }),
    ...(before === null ? {} : { before: String(before) }),
  });
}

function take(of: Conversation, page: MessagePage): void {
  of.more.value = page.more;
  of.threads.value = new Map([
    ...of.threads.value,
    ...page.threads.map((thread) => [thread.message, thread] as const),
  ]);
  put(of, page.messages, true);
}

function put(of: Conversation, news: readonly WireMessage[], whole = false): void {
  const byId = new Map(of.messages.value.map((message) => [message.id, message]));
  const oldest = of.messages.value[0]?.id ?? 0;
  for (const message of news) {
    const known = byId.get(message.id);
    if (known !== undefined && known.change >= message.change) continue;
    if (known === undefined && !whole && of.more.value && message.id < oldest) continue;
    byId.set(message.id, message);
  }
  of.messages.value = [...byId.values()].toSorted((a, b) => a.id - b.id);
}
