import type { Instant, RolloutId } from '#core/ids.ts';
import type { Actor } from '#core/people.ts';
import type { RolloutEvent } from '#core/rollout/events.ts';
import { evolve } from '#core/rollout/evolve.ts';
import { ended, type RolloutState } from '#core/rollout/state.ts';
import type { Transaction } from '#ports/store.ts';
import type { StreamRecord } from '#ports/streams.ts';
import { readRollout, storedRollout } from './trust-boundary.ts';

/** A rollout and the stream record that holds it. */
export interface StoredRollout {
  readonly record: StreamRecord;
  readonly state: RolloutState;
}

/** The stream of a rollout. */
export function rolloutStream(id: RolloutId): string {
  return `rollout:${id}`;
}

/** Reads a rollout; null when there is none. `forUpdate` keeps others from changing it meanwhile. */
export async function loadRollout(
  tx: Transaction,
  id: RolloutId,
  forUpdate: boolean,
): Promise<StoredRollout | null> {
  const stream = rolloutStream(id);
  const record = await (forUpdate ? tx.streamForUpdate(stream) : tx.stream(stream));
  return record === null ? null : { record, state: readRollout(record.row.state) };
}

/** Rollouts of a place that have not ended, oldest first. */
export async function openRollouts(
  tx: Transaction,
  service?: string,
  environment?: string,
): Promise<readonly RolloutState[]> {
  const records = await tx.streams({
    kind: 'rollout',
    ended: false,
    ...(service === undefined ? {} : { service }),
    ...(environment === undefined ? {} : { environment }),
  });
  return records
    .map(({ row }) => readRollout(row.state))
    .sort((a, b) => a.requestedAt - b.requestedAt || (a.id < b.id ? -1 : 1));
}

/** What is written of a rollout in one transaction. */
export interface RolloutWrite {
  readonly id: RolloutId;
  readonly before: StoredRollout | null;
  readonly events: readonly RolloutEvent[];
  readonly actor: Actor;
  /** The fence of the claim, for the worker; absent for commands of people. */
  readonly fence?: number;
  /** When the worker should look again; null when only an event can move it. */
  readonly wakeAt: Instant | null;
}

/**
 * Appends events and stores the state that they lead to.
 * @throws Fault `store.conflict`, `store.fenced`, `store.corrupt`
 */
export async function writeRollout(tx: Transaction, write: RolloutWrite): Promise<RolloutState> {
  let state = write.before?.state ?? null;
  for (const event of write.events)
    state = evolve(state, { at: tx.now, actor: write.actor, event });
  if (state === null) throw new Error('A rollout cannot be written without events');
  await tx.append({
    stream: rolloutStream(write.id),
    kind: 'rollout',
    expectedVersion: write.before?.record.version ?? 0,
    ...(write.fence === undefined ? {} : { fence: write.fence }),
    events: write.events.map((body) => ({ actor: write.actor, body })),
    row: {
      service: state.service,
      environment: state.environment,
      phase: state.phase,
      active: state.startedAt !== null && !ended(state.phase),
      ended: ended(state.phase),
      wakeAt: ended(state.phase) ? null : write.wakeAt,
      state: storedRollout(state),
    },
  });
  return state;
}
