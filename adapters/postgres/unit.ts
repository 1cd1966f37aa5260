import type { Instant } from '#core/ids.ts';
import type { DatabaseSession, QueryResult } from '#ports/database.ts';
import type { Append } from '#ports/streams.ts';
import { appendStatement } from './append.ts';
import { rowsOf } from './trust-boundary.ts';

/** A unit of work: one transaction as its parts see it. */
export interface Unit {
  readonly now: Instant;
  /** A statement that only reads. What was appended before is there to be seen. */
  read(text: string, params: readonly unknown[]): Promise<QueryResult>;
  /** A statement that writes or locks. */
  write(text: string, params: readonly unknown[]): Promise<QueryResult>;
  /** Remembers an append; it is sent with the next statement, or else together with the commit. */
  append(append: Append): void;
  /** The same for a statement that writes and has no answer: nobody waits for its way there and back. */
  later(text: string, params: readonly unknown[]): void;
}

export interface OpenUnit extends Unit {
  /** True when there is something to commit. */
  changed(): boolean;
  /** Says what was committed. Events may not be on disk yet: see `Flush`. */
  commit(): Promise<'rows' | 'events'>;
  rollBack(): Promise<void>;
}

/**
 * Begins a transaction on the session. With `alone` nobody else appends to the ledger until it has
 * ended: for a transaction that keeps losing the race. It waits before it holds anything, and the
 * others give way instead of waiting, so that neither waits for the other.
 */
export async function beginUnit(session: DatabaseSession, alone: boolean): Promise<OpenUnit> {
  const [, , started] = await Promise.all([
    session.query('BEGIN'),
    alone ? session.query('SELECT pg_advisory_xact_lock(7425003)', []) : null,
    session.query(time, []),
  ]);
  const now = rowsOf<{ readonly now: Instant }>(started)[0]?.now;
  if (now === undefined) throw new Error('The database did not tell its time');
  let pending: readonly Pending[] = [];
  let open = true;
  let wrote = false;
  let appended = false;
  let failure: { readonly error: unknown } | null = null;

  /** Sends what is pending and the statement in one go; what fails first is what counts. */
  async function send(at: Instant, statement: Statement): Promise<QueryResult> {
    if (!open) throw new Error('The transaction has ended: nothing may use it any more');
    const before = pending.map((one) =>
      one.kind === 'appends' ? appendStatement(one.appends, at, alone) : one,
    );
    const statements = [...before, statement];
    pending = [];
    const results = await Promise.allSettled(
      statements.map(({ text, params }) => session.query(text, params)),
    );
    const result = results.find((each) => each.status === 'rejected') ?? results.at(-1);
    if (result?.status === 'fulfilled') return result.value;
    failure ??= { error: result?.reason };
    throw failure.error;
  }

  function remember(): void {
    if (!open) throw new Error('The transaction has ended: nothing may use it any more');
    wrote = true;
  }

  return {
    now,
    read: (text, params) => send(now, { text, params }),
    write(text, params) {
      wrote = true;
      return send(now, { text, params });
    },
    append(append) {
      remember();
      appended ||= append.events.length > 0;
      const last = pending.at(-1);
      pending =
        last?.kind === 'appends'
          ? [...pending.slice(0, -1), { kind: 'appends', appends: [...last.appends, append] }]
          : [...pending, { kind: 'appends', appends: [append] }];
    },
    later(text, params) {
      remember();
      pending = [...pending, { kind: 'statement', text, params }];
    },
    changed: () => wrote,
    async commit() {
      // After a failed statement the database would answer COMMIT with a rollback and no error.
      if (failure !== null) throw failure.error;
      const sent = send(now, { text: 'COMMIT' });
      open = false;
      await sent;
      return appended ? 'events' : 'rows';
    },
    async rollBack() {
      open = false;
      await session.query('ROLLBACK');
    },
  };
}

/** What is sent with the next statement, in its order: it is also that of the locks. */
type Pending =
  | { readonly kind: 'appends'; readonly appends: readonly Append[] }
  | { readonly kind: 'statement'; readonly text: string; readonly params: readonly unknown[] };

interface Statement {
  readonly text: string;
  readonly params?: readonly unknown[];
}

/** A ledger that is ahead of the clock (which was set back) carries the time on. */
const time = `SELECT greatest(
  floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint,
  (SELECT at FROM signalbox.ledger ORDER BY seq DESC LIMIT 1)
) AS now`;
