import type { ToEngine } from './engine-messages.ts';
import { joined } from './frames.ts';

type Entry =
  | { readonly kind: 'message'; readonly message: ToEngine }
  | { readonly kind: 'data'; readonly session: number; readonly parts: Buffer[] };

export interface Outbox {
  data(session: number, bytes: Buffer): void;
  message(message: ToEngine): void;
}

/**
 * Collects what one turn of the event loop has to say and hands it over at its end. What a session
 * writes in pieces becomes one buffer of its own: the writer's buffers are slices of a pool, and
 * sending a slice to another thread copies the whole pool.
 */
export function outbox(send: (messages: ToEngine[], owned: ArrayBuffer[]) => void): Outbox {
  let entries: Entry[] = [];

  function add(entry: Entry): void {
    if (entries.length === 0) process.nextTick(flush);
    entries.push(entry);
  }

  function data(session: number, bytes: Buffer): void {
    const last = entries.at(-1);
    if (last?.kind === 'data' && last.session === session) last.parts.push(bytes);
    else add({ kind: 'data', session, parts: [bytes] });
  }

  function flush(): void {
    const owned: ArrayBuffer[] = [];
    const messages = entries.map((entry): ToEngine => {
      if (entry.kind === 'message') return entry.message;
      const bytes = joined(entry.parts);
      owned.push(bytes.buffer);
      return { kind: 'data', session: entry.session, bytes };
    });
    entries = [];
    send(messages, owned);
  }

  return { data, message: (message) => add({ kind: 'message', message }) };
}
