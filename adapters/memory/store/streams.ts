import { Fault, type FaultCode } from '#core/fault.ts';
import type { Instant } from '#core/ids.ts';
import type { Append, StreamQuery, StreamRecord, Streams } from '#ports/streams.ts';
import { createTable, type Journal, type Table } from './journal.ts';
import type { MemoryLedger } from './ledger.ts';

/** Streams in memory, under the rules that the database enforces. */
export function createMemoryStreams(
  journal: Journal,
  ledger: MemoryLedger,
  now: () => Instant,
): Streams {
  const streams = createTable<StreamRecord>(journal);
  const counters = createTable<number>(journal);
  return {
    stream: async (id) => streams.get(id) ?? null,
    streamForUpdate: async (id) => streams.get(id) ?? null,
    async streams(query) {
      const all = streams.rows();
      const before = all.findIndex((record) => record.id === query.beforeId);
      const found = (query.beforeId === undefined ? all : all.slice(0, Math.max(0, before))).filter(
        (record) => matches(record, query),
      );
      if (query.newestFirst === true) found.reverse();
      return found.slice(0, query.limit ?? 1000);
    },
    async claim(id) {
      const record = streams.get(id);
      if (record === undefined) return null;
      const claimed = { ...record, fence: record.fence + 1 };
      streams.set(id, claimed);
      return claimed;
    },
    async append(append) {
      const former = streams.get(append.stream);
      refuse(append, former, streams);
      const at = now();
      const recorded = append.events.map((event, index) =>
        ledger.record(append.stream, append.expectedVersion + index + 1, event, at),
      );
      streams.set(append.stream, {
        id: append.stream,
        kind: former?.kind ?? append.kind,
        version: append.expectedVersion + append.events.length,
        fence: former?.fence ?? 0,
        row: JSON.parse(JSON.stringify(append.row)),
        createdAt: former?.createdAt ?? at,
        updatedAt: at,
      });
      return recorded;
    },
    async nextNumber(counter) {
      const number = (counters.get(counter) ?? 0) + 1;
      counters.set(counter, number);
      return number;
    },
  };
}

function refuse(
  append: Append,
  former: StreamRecord | undefined,
  streams: Table<StreamRecord>,
): void {
  if (former?.row.ended === true) {
    throw broken('store.corrupt', 'The stream has ended');
  }
  if (append.fence !== undefined && append.fence !== (former?.fence ?? 0)) {
    throw broken('store.fenced', 'A newer claim holds the stream');
  }
  if (append.expectedVersion !== (former?.version ?? 0)) {
    throw broken('store.conflict', 'The stream is at another version');
  }
  if (!append.row.active) return;
  if (append.row.ended) throw broken('store.corrupt', 'A stream that ended cannot be active');
  const rival = streams
    .rows()
    .find(
      ({ id, row }) =>
        id !== append.stream &&
        row.active &&
        row.service !== null &&
        row.environment !== null &&
        row.service === append.row.service &&
        row.environment === append.row.environment,
    );
  if (rival !== undefined) throw broken('store.conflict', 'Another stream is active in the place');
}

function broken(code: FaultCode, message: string): Fault {
  return new Fault(code, message, { retryable: code === 'store.conflict' });
}

function matches(record: StreamRecord, query: StreamQuery): boolean {
  const { row } = record;
  return (
    record.kind === query.kind &&
    (query.service === undefined || row.service === query.service) &&
    (query.environment === undefined || row.environment === query.environment) &&
    (query.active === undefined || row.active === query.active) &&
    (query.ended === undefined || row.ended === query.ended) &&
    (query.phases === undefined || (row.phase !== null && query.phases.includes(row.phase))) &&
    (query.dueBy === undefined || (row.wakeAt !== null && row.wakeAt <= query.dueBy)) &&
    (query.updatedSince === undefined || record.updatedAt >= query.updatedSince)
  );
}
