import {
  evolveFreezes,
  type FreezeEvent,
  FreezesState,
  freezesInForce,
  noFreezes,
} from '#core/freeze.ts';
import type { Instant } from '#core/ids.ts';
import type { Actor } from '#core/people.ts';
import { refusal } from '#core/refusal.ts';
import { no, ok, type Result } from '#core/result.ts';
import type { Transaction } from '#ports/store.ts';
import type { StreamRecord } from '#ports/streams.ts';
import { unplacedRow } from './unplaced-row.ts';

const stream = 'freezes';

/** The ad-hoc freezes as recorded; some may have run out (`freezesInForce`). */
export async function readFreezes(tx: Transaction): Promise<FreezesState> {
  return stateOf(await tx.stream(stream));
}

/** Sets a freeze in the caller's transaction and returns it. */
export async function setFreeze(
  tx: Transaction,
  wish: {
    readonly scope: string;
    readonly reason: string;
    readonly until: Instant | null;
    readonly by: Actor;
  },
): Promise<FreezesState['active'][number]> {
  const record = await tx.streamForUpdate(stream);
  const id = `freeze-${await tx.nextNumber('freeze')}`;
  await append(tx, record, [{ kind: 'freeze.set', id, ...wish }], wish.by);
  return { id, ...wish, since: tx.now };
}

/**
 * Lifts the freezes that the text names, by id or by scope, and returns them.
 * Refusals: `freeze.unknown`.
 */
export async function liftFreezes(
  tx: Transaction,
  named: string,
  by: Actor,
  reason: string,
): Promise<Result<FreezesState['active']>> {
  const record = await tx.streamForUpdate(stream);
  const active = freezesInForce(stateOf(record), tx.now);
  const meant = active.filter((freeze) => freeze.id === named || freeze.scope === named);
  if (meant.length === 0) {
    const known = active.map((freeze) => `${freeze.id} (${freeze.scope})`).join(', ');
    return no(
      refusal(
        'freeze.unknown',
        `No freeze “${named}” is in force.`,
        known === '' ? 'Nothing is frozen by hand.' : `In force: ${known}.`,
      ),
    );
  }
  await append(
    tx,
    record,
    meant.map(({ id }) => ({ kind: 'freeze.lifted' as const, id, by, reason })),
    by,
  );
  return ok(meant);
}

async function append(
  tx: Transaction,
  record: StreamRecord | null,
  events: readonly FreezeEvent[],
  actor: Actor,
): Promise<void> {
  let state = stateOf(record);
  for (const event of events) state = evolveFreezes(state, event, tx.now);
  await tx.append({
    stream,
    kind: 'freezes',
    expectedVersion: record?.version ?? 0,
    events: events.map((body) => ({ actor, body })),
    row: unplacedRow(state, earliest(state.active.map((freeze) => freeze.until))),
  });
}

function stateOf(record: StreamRecord | null): FreezesState {
  return record === null ? noFreezes : FreezesState.parse(record.row.state);
}

function earliest(instants: readonly (Instant | null)[]): Instant | null {
  const known = instants.filter((at) => at !== null);
  return known.length === 0 ? null : Math.min(...known);
}
