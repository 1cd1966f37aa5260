import { placeId } from '#core/ids.ts';
import type { Actor } from '#core/people.ts';
import type { PlaceDecision } from '#core/place/decide.ts';
import { emptyPlace, evolvePlace } from '#core/place/fold.ts';
import { PlaceState } from '#core/place.ts';
import { ok, type Result } from '#core/result.ts';
import type { Transaction } from '#ports/store.ts';
import type { StreamRecord } from '#ports/streams.ts';

/** The stream of one place. */
export function placeStream(service: string, environment: string): string {
  return `place:${placeId(service, environment)}`;
}

/** What is known of a place: locks, holds, settled releases, watchers. */
export async function readPlace(
  tx: Transaction,
  service: string,
  environment: string,
): Promise<PlaceState> {
  return stateOf(await tx.stream(placeStream(service, environment)), service, environment);
}

/**
 * Decides about a place and records what follows, in the caller's transaction; the place stays
 * locked against others until it ends. Returns the state after, or the refusal.
 */
export async function changePlace(
  tx: Transaction,
  service: string,
  environment: string,
  decide: PlaceDecision,
  actor: Actor,
): Promise<Result<PlaceState>> {
  const stream = placeStream(service, environment);
  const record = await tx.streamForUpdate(stream);
  const before = stateOf(record, service, environment);
  const decided = decide(before, tx.now);
  if (!decided.ok) return decided;
  if (decided.value.length === 0) return ok(before);

  let state = before;
  for (const event of decided.value) state = evolvePlace(state, event, tx.now);
  await tx.append({
    stream,
    kind: 'place',
    expectedVersion: record?.version ?? 0,
    events: decided.value.map((body) => ({ actor, body })),
    row: {
      service,
      environment,
      phase: null,
      active: false,
      ended: false,
      // Somebody waits to hear that it is free: look again soon, and until they were told.
      wakeAt: state.watchers.length > 0 ? tx.now : (state.lock?.until ?? null),
      state,
    },
  });
  return ok(state);
}

function stateOf(record: StreamRecord | null, service: string, environment: string): PlaceState {
  return record === null ? emptyPlace(service, environment) : PlaceState.parse(record.row.state);
}
