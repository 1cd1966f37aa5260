import type { Instant } from '#core/ids.ts';
import type { Urgency } from './bucket.ts';
import { type Budget, pruned } from './budget.ts';
import type { Live } from './cadence.ts';
import type { Deliverable } from './deliverable.ts';
import type { Turns } from './turns.ts';

/**
 * What the scheduler of one platform remembers between rounds. All of it may be lost: what has to
 * be said stands in the store, and a fresh scheduler merely starts with full buckets.
 */
export interface DeliveryState {
  readonly budget: Budget;
  readonly turns: ReadonlyMap<Urgency, Turns>;
  readonly live: Live;
  /** Revisions that a digest has told: their own messages follow, but are no longer urgent. */
  readonly told: ReadonlyMap<string, number>;
}

/** A scheduler that has just begun. */
export const freshDelivery: DeliveryState = {
  budget: new Map(),
  turns: new Map(),
  live: new Map(),
  told: new Map(),
};

/** The lane of a surface: its urgency, unless a digest has told the news already. */
export function laneOf(surface: Deliverable, state: DeliveryState): Urgency {
  const told = state.told.get(surface.id) === surface.desiredRevision;
  return told && surface.urgency === 1 ? 2 : surface.urgency;
}

/** After a digest was posted: the news in it is out. */
export function withTold(state: DeliveryState, surfaces: readonly Deliverable[]): DeliveryState {
  const told = new Map(state.told);
  for (const { id, desiredRevision } of surfaces) told.set(id, desiredRevision);
  return { ...state, told };
}

/** Forgets what no longer matters. `due`: the ids that are still to be delivered. */
export function tidied(
  state: DeliveryState,
  due: ReadonlySet<string>,
  now: Instant,
): DeliveryState {
  return {
    ...state,
    budget: pruned(state.budget, now),
    told: new Map([...state.told].filter(([id]) => due.has(id))),
  };
}
