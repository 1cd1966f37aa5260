import { toHex } from '#core/ledger/bytes.ts';
import { rangeRoot } from '#core/ledger/compact-range.ts';
import type { EventQuery, Ledger, LedgerEvent } from '#ports/ledger.ts';
import { type Conditions, createConditions } from './conditions.ts';
import { readHead } from './head.ts';
import { sha256 } from './sha256.ts';
import { rowsOf } from './trust-boundary.ts';
import type { Unit } from './unit.ts';

/** The ledger within a transaction. Events are read from their exact bytes. */
export function ledgerIn(unit: Unit): Ledger {
  return {
    async events(query) {
      const given = conditionsOf(query);
      const text = `SELECT convert_from(bytes, 'UTF8') AS event FROM signalbox.ledger
        ${given.where()} ORDER BY seq ${query.newestFirst === true ? 'DESC' : ''}
        LIMIT ${given.param(query.limit ?? 1000)}`;
      const rows = rowsOf<{ readonly event: string }>(await unit.read(text, given.params));
      return rows.map((row) => eventOf(row.event));
    },
    async head() {
      const { size, chain, frontier } = await readHead(unit.read);
      return { size, chain: toHex(chain), root: toHex(rangeRoot(sha256, { size, frontier })) };
    },
  };
}

function eventOf(text: string): LedgerEvent {
  const { seq, at, stream, version, kind, actor, body }: LedgerEvent = JSON.parse(text);
  return { seq, at, stream, version, kind, actor, body };
}

/** Time rises with the sequence, so a time becomes a sequence number, which is the order too. */
function conditionsOf(query: EventQuery): Conditions {
  const given = createConditions();
  given.and('stream = $', query.stream);
  given.and('stream >= $', query.streamPrefix);
  given.and(
    'stream < $',
    query.streamPrefix === undefined ? undefined : beyond(query.streamPrefix),
  );
  given.and('kind = ANY ($)', query.kinds);
  given.and('seq > $', query.afterSeq);
  given.and('seq < $', query.beforeSeq);
  given.and(
    'seq >= (SELECT min(f.seq) FROM signalbox.ledger AS f WHERE f.at = (SELECT min(a.at) FROM signalbox.ledger AS a WHERE a.at >= $))',
    query.since,
  );
  given.and(
    'seq <= (SELECT max(l.seq) FROM signalbox.ledger AS l WHERE l.at = (SELECT max(b.at) FROM signalbox.ledger AS b WHERE b.at <= $))',
    query.until,
  );
  return given;
}

/** The first text after all that start with the prefix, byte by byte. */
function beyond(prefix: string): string {
  return `${prefix}\u{10ffff}`;
}
