import type { Trouble } from '#core/alerts/watch.ts';
import type { Deployment } from '#core/figures/deployments.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { PastEvent } from './timeline.ts';

/** What a postmortem is made from: all of it is in the ledger. */
export interface PostmortemQuestion {
  readonly state: RolloutState;
  /** The events of its rollout, in order. */
  readonly events: readonly PastEvent[];
  /** What it came to as a deployment; null for one that served nobody, or not in production. */
  readonly deployment: Deployment | null;
  /** What took its place, once something did. */
  readonly successor: RolloutState | null;
  readonly troubles: readonly Trouble[];
  /** The environment before this one on the path, and whether it had been live there; null for the first. */
  readonly before: { readonly environment: string; readonly passed: boolean } | null;
}
