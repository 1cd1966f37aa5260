import type { Instant } from '#core/ids.ts';
import { eventPieces } from '#core/ledger/event-bytes.ts';
import type { Append } from '#ports/streams.ts';

interface Statement {
  readonly text: string;
  readonly params: readonly unknown[];
}

/**
 * The statements that write these appends: the row of each stream, then all events at once. The
 * ledger comes last because its head is the one row that every transaction wants: nobody who
 * holds it waits for anything else.
 */
export function appendStatements(appends: readonly Append[], at: Instant): readonly Statement[] {
  const events = appends.flatMap(({ stream, expectedVersion, events: wanted }) =>
    wanted.map(({ actor, body }, index) => {
      const version = expectedVersion + index + 1;
      const pieces = eventPieces({ stream, version, actor, body });
      return { stream, version, kind: body.kind, ...pieces };
    }),
  );
  const rows = appends.map((append) => writeStream(append, at));
  if (events.length === 0) return rows;
  const params = [
    at,
    events.map((event) => event.stream),
    events.map((event) => event.version),
    events.map((event) => event.kind),
    events.map((event) => event.before),
    events.map((event) => event.between),
    events.map((event) => event.after),
  ];
  return [...rows, { text: 'SELECT signalbox.append_events($1, $2, $3, $4, $5, $6, $7)', params }];
}

function writeStream(append: Append, at: Instant): Statement {
  const { row } = append;
  return {
    text: 'SELECT signalbox.write_stream($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)',
    params: [
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
    ],
  };
}
