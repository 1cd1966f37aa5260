import type { Instant } from '#core/ids.ts';
import type { PlaceDecision } from '#core/place/decide.ts';
import type { RolloutEvent } from '#core/rollout/events.ts';

/** What came of one work: what to record, and when to look again. */
export interface Outcome {
  readonly events: readonly RolloutEvent[];
  /** Looks again at this instant; at once when it is null and events were recorded. */
  readonly wakeAt: Instant | null;
  /** Samples that were judged, stored in the same transaction. */
  readonly samples?: { readonly id: string; readonly json: string };
  /** Changes of the place that belong to the events. */
  readonly place?: readonly PlaceDecision[];
  /** False when the work is over for now although `wakeAt` has come: leave it to the next wake. */
  readonly rest?: boolean;
}
