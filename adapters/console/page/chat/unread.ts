import { signal } from '@preact/signals';
import { post } from '#adapters/console/page/http.ts';
import { session } from '#adapters/console/page/session.ts';
import type { WireMessage } from '#adapters/console/wire.ts';
import type { Line } from '#core/message.ts';
import { conversation } from './conversations.ts';

/** The newest message seen, by channel. */
const readUpTo = signal<ReadonlyMap<string, number>>(new Map());

/** Takes over what the server remembers. */
export function startReads(): void {
  readUpTo.value = new Map(session.value?.channels.map(({ id, readUpTo: seen }) => [id, seen]));
}

export function seenUpTo(channel: string): number {
  return readUpTo.value.get(channel) ?? 0;
}

/** What is new in a channel for the person who looks. */
export function unread(channel: string): { readonly count: number; readonly mentions: number } {
  const seen = seenUpTo(channel);
  const fresh = conversation(channel).messages.value.filter(
    (message) => message.id > seen && message.author !== session.value?.me.user,
  );
  return { count: fresh.length, mentions: fresh.filter(mentionsMe).length };
}

/** Whether a message names the person who looks, or was written to them alone by Signalbox itself. */
export function mentionsMe(message: WireMessage): boolean {
  const me = session.value?.me.user;
  if (message.author === null && message.channel.startsWith('dm:')) return true;
  const lines = message.view.blocks.flatMap((block): readonly Line[] =>
    block.kind === 'text' ? [block.line] : [],
  );
  return (
    message.author !== null &&
    lines
      .flat()
      .some(
        (span) => typeof span !== 'string' && span.kind === 'person' && span.account.user === me,
      )
  );
}

let pending = 0;

/** Remembers that all of a channel was seen; told to the server once things are quiet. */
export function markRead(channel: string): void {
  const newest = conversation(channel).messages.value.at(-1)?.id ?? 0;
  if (newest <= seenUpTo(channel)) return;
  readUpTo.value = new Map(readUpTo.value).set(channel, newest);
  clearTimeout(pending);
  pending = setTimeout(() => {
    post('/api/reads', { channel, id: newest }).catch(() => undefined);
  }, 800);
}
