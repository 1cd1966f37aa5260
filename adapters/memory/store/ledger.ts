import type { Digest } from '#core/canonical.ts';
import type { Instant } from '#core/ids.ts';
import { toHex } from '#core/ledger/bytes.ts';
import {
  appendLeaf,
  type CompactRange,
  emptyRange,
  rangeRoot,
} from '#core/ledger/compact-range.ts';
import { eventText } from '#core/ledger/event-bytes.ts';
import { chainHash, chainStart, leafHash } from '#core/ledger/hashes.ts';
import type { History, HistoryEntry } from '#ports/history.ts';
import type { EventQuery, Ledger, LedgerEvent, NewEvent, RecordedEvent } from '#ports/ledger.ts';
import { createCell, createLog, type Journal } from './journal.ts';

interface Row {
  readonly event: LedgerEvent;
  readonly entry: HistoryEntry;
}

export interface MemoryLedger extends Ledger {
  record(stream: string, version: number, event: NewEvent, at: Instant): RecordedEvent;
  /** `at` of the newest event; 0 when there is none. */
  newestAt(): Instant;
  readonly history: History;
}

/** The ledger in memory, with the same bytes and hashes as the database keeps. */
export function createMemoryLedger(journal: Journal, digest: Digest): MemoryLedger {
  const log = createLog<Row>(journal);
  const chain = createCell(journal, chainStart);
  const range = createCell<CompactRange>(journal, emptyRange);
  const notes: { readonly size: number; readonly note: string }[] = [];
  const newestAt = (): Instant => log.rows.at(-1)?.event.at ?? 0;
  return {
    newestAt,
    record(stream, version, { actor, body }, at) {
      const seq = log.rows.length + 1;
      const text = eventText({ stream, version, actor, body }, at, seq);
      const bytes = new TextEncoder().encode(text);
      const leaf = leafHash(digest, bytes);
      const stored: LedgerEvent = JSON.parse(text);
      const event = { ...stored, kind: body.kind };
      const next = appendLeaf(digest, range.get(), leaf);
      log.push({
        event,
        entry: {
          seq,
          at,
          stream,
          version,
          kind: body.kind,
          bytes,
          prevHash: chain.get(),
          leafHash: leaf,
          nodeHash: next.frontier.at(-1) ?? leaf,
        },
      });
      chain.set(chainHash(digest, chain.get(), leaf));
      range.set(next);
      return event;
    },
    async events(query) {
      const found = log.rows.map((row) => row.event).filter((event) => matches(event, query));
      if (query.newestFirst === true) found.reverse();
      return found.slice(0, query.limit ?? 1000);
    },
    async head() {
      return {
        size: log.rows.length,
        chain: toHex(chain.get()),
        root: toHex(rangeRoot(digest, range.get())),
      };
    },
    history: {
      async *entries(fromSeq, toSeq) {
        yield log.rows.slice(fromSeq - 1, toSeq).map((row) => row.entry);
      },
      async head() {
        const { size, frontier } = range.get();
        return { size, at: newestAt(), chain: chain.get(), frontier };
      },
      async headAt(size) {
        if (size < 1 || size > log.rows.length) return null;
        let past: CompactRange = emptyRange;
        let link = chainStart;
        for (const { entry } of log.rows.slice(0, size)) {
          past = appendLeaf(digest, past, entry.leafHash);
          link = chainHash(digest, link, entry.leafHash);
        }
        return { ...past, at: log.rows[size - 1]?.event.at ?? 0, chain: link };
      },
      async storeCheckpoint(size, note) {
        if (!notes.some((kept) => kept.size === size)) notes.unshift({ size, note });
      },
      checkpoints: async (limit) => notes.slice(0, limit).map((kept) => kept.note),
    },
  };
}

function matches(event: LedgerEvent, query: EventQuery): boolean {
  return (
    (query.stream === undefined || event.stream === query.stream) &&
    (query.streamPrefix === undefined || event.stream.startsWith(query.streamPrefix)) &&
    (query.kinds === undefined || query.kinds.includes(event.kind)) &&
    inRange(event, query)
  );
}

function inRange(event: LedgerEvent, query: EventQuery): boolean {
  return (
    (query.afterSeq === undefined || event.seq > query.afterSeq) &&
    (query.beforeSeq === undefined || event.seq < query.beforeSeq) &&
    (query.since === undefined || event.at >= query.since) &&
    (query.until === undefined || event.at <= query.until)
  );
}
