import { signal } from '@preact/signals';

/** What was begun and not sent, by place, so that looking elsewhere loses nothing. */
const drafts = new Map<string, string>();

/** Rises when a draft was written from outside of its composer. */
export const draftTurn = signal(0);

export function readDraft(key: string): string {
  return drafts.get(key) ?? '';
}

export function keepDraft(key: string, text: string): void {
  drafts.set(key, text);
}

/** Puts a text into the composer of a channel, ready to be sent or changed. */
export function draft(channel: string, text: string): void {
  drafts.set(`${channel}#`, text);
  draftTurn.value += 1;
}

/** Takes over words that a link brings along (`/c/releases?say=…`). Nothing is sent by itself. */
export function takeWords(): void {
  const url = new URL(location.href);
  const text = url.searchParams.get('say');
  const channel = /^\/c\/([^/]+)$/.exec(url.pathname)?.[1];
  if (text === null || channel === undefined) return;
  draft(decodeURIComponent(channel), text.slice(0, 1000));
  url.searchParams.delete('say');
  history.replaceState(null, '', url.pathname + url.search);
}
