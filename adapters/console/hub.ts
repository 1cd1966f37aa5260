import type { ConsoleMessage } from '#ports/console-store.ts';
import type { Log } from '#ports/log.ts';
import type { Store } from '#ports/store.ts';

/** Messages kept in memory for streams that follow closely. */
const ringSize = 500;
const batch = 500;

/** What one reader is behind on. */
export interface Behind {
  /** Changed since the reader's place, oldest change first. Null: too much, load the page again. */
  readonly messages: readonly ConsoleMessage[] | null;
  readonly head: number;
}

/** Follows the store's changes for all streams of this process. */
export interface Hub {
  /** Resolves once the position is known as it is now, or later. @throws Error when it is not found out */
  ready(): Promise<void>;
  /** Look now instead of at the next turn. */
  poke(): void;
  /** Calls when there is something new; returns how to stop. The first listener starts the polling. */
  listen(changed: () => void): () => void;
  /** The newest change number and the newest event of the ledger, as last seen. */
  position(): { readonly head: number; readonly ledger: number };
  since(change: number): Promise<Behind>;
  /** Streams of the ledger that moved after this event; null: too long ago to be remembered. */
  movedSince(seq: number): readonly string[] | null;
  stop(): void;
}

/**
 * Polls only while somebody listens. Posts of this process poke it, so that `everyMs` is the delay
 * for what other processes write.
 */
export function createHub(store: Store, log: Log, everyMs = 700): Hub {
  const listeners = new Set<() => void>();
  const ring = new Map<number, ConsoleMessage>();
  let ringFrom = 0;
  let head = 0;
  let ledger = 0;
  let moved: { readonly seq: number; readonly stream: string }[] = [];
  let movedFrom = 0;
  let timer: NodeJS.Timeout | null = null;
  let looking: Promise<void> | null = null;
  let again = false;
  let started = false;
  let stopped = false;

  async function look(): Promise<void> {
    const before = { head, ledger };
    const news = await store.transact(async (tx) => {
      if (started) {
        return {
          messages: await tx.consoleChanges(before.head, batch),
          events: await tx.events({ afterSeq: before.ledger, limit: 200 }),
          at: null,
        };
      }
      const { size } = await tx.head();
      return { messages: [], events: [], at: { head: await tx.consoleHead(), ledger: size } };
    });
    if (news.at !== null) {
      started = true;
      head = news.at.head;
      ringFrom = head;
      ledger = news.at.ledger;
      movedFrom = ledger;
    }
    for (const message of news.messages) remember(message);
    for (const event of news.events) {
      ledger = Math.max(ledger, event.seq);
      moved.push({ seq: event.seq, stream: event.stream });
    }
    movedFrom = moved.at(-ringSize - 1)?.seq ?? movedFrom;
    moved = moved.slice(-ringSize);
    if (news.messages.length === batch) again = true;
    if (head !== before.head || ledger !== before.ledger) for (const tell of listeners) tell();
  }

  function remember(message: ConsoleMessage): void {
    head = Math.max(head, message.change);
    ring.delete(message.id);
    ring.set(message.id, message);
    for (const [id, oldest] of ring) {
      if (ring.size <= ringSize) break;
      ringFrom = oldest.change;
      ring.delete(id);
    }
  }

  function turn(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (stopped || listeners.size === 0) return;
    if (looking !== null) {
      again = true;
      return;
    }
    looking = begin();
  }

  /** Never rejects. */
  function begin(): Promise<void> {
    again = false;
    return look()
      .catch((fault) => log.warn('The console could not look for changes', { fault }))
      .finally(() => {
        looking = null;
        if (stopped || listeners.size === 0 || timer !== null) return;
        timer = setTimeout(turn, again ? 0 : everyMs);
      });
  }

  return {
    async ready() {
      // One that is under way may have begun before what the caller knows of.
      await looking;
      looking ??= begin();
      await looking;
      if (!started) throw new Error('The position in the changes could not be read');
    },
    poke: turn,
    listen(changed) {
      listeners.add(changed);
      if (listeners.size === 1) turn();
      return () => listeners.delete(changed);
    },
    position: () => ({ head, ledger }),
    async since(change) {
      if (change >= ringFrom && started) {
        const messages = [...ring.values()].filter((message) => message.change > change);
        return { messages, head };
      }
      const messages = await store.transact((tx) => tx.consoleChanges(change, batch));
      const last = messages.at(-1)?.change ?? change;
      return messages.length === batch ? { messages: null, head } : { messages, head: last };
    },
    movedSince: (seq) =>
      seq < movedFrom
        ? null
        : [...new Set(moved.filter((event) => event.seq > seq).map(({ stream }) => stream))],
    stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      listeners.clear();
    },
  };
}
