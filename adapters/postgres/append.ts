import type { Instant } from '#core/ids.ts';
import { eventPieces } from '#core/ledger/event-bytes.ts';
import type { Append } from '#ports/streams.ts';

/** The one statement that makes these appends. */
export interface AppendStatement {
  readonly text: string;
  readonly params: readonly unknown[];
}

/**
 * Gives way to whoever runs alone (and is not this one), writes the row of each stream, then all
 * events at once. The ledger comes last because every transaction wants its turn there: nobody who
 * has it waits for anything else.
 */
export function appendStatement(
  appends: readonly Append[],
  at: Instant,
  alone: boolean,
): AppendStatement {
  const params: unknown[] = [];
  const call = (name: string, given: readonly unknown[]): string => {
    const first = params.push(...given) - given.length + 1;
    return `signalbox.${name}(${given.map((_, index) => `$${first + index}`).join(', ')})`;
  };
  const events = appends.flatMap(placedIn);
  const calls = events.length > 0 && !alone ? [call('give_way', [])] : [];
  calls.push(...appends.map((append) => call('write_stream', streamParams(append, at))));
  if (events.length > 0) {
    const columns = ['stream', 'version', 'kind', 'before', 'between', 'after'] as const;
    const lists = columns.map((column) => events.map((event) => event[column]));
    calls.push(call('append_events', [at, ...lists]));
  }
  return { text: `SELECT ${calls.join(', ')}`, params };
}

function placedIn({ stream, expectedVersion, events }: Append) {
  return events.map(({ actor, body }, index) => {
    const version = expectedVersion + index + 1;
    const pieces = eventPieces({ stream, version, actor, body });
    return { stream, version, kind: body.kind, ...pieces };
  });
}

function streamParams(append: Append, at: Instant): readonly unknown[] {
  const { row } = append;
  return [
    append.stream,
    append.kind,
    append.expectedVersion,
    append.events.length,
    append.fence ?? null,
    row.service,
    row.environment,
    row.phase,
    row.active,
    row.ended,
    row.wakeAt,
    JSON.stringify(row.state),
    at,
  ];
}
