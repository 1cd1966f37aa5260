import type { Rate } from './bucket.ts';
import type { Deliverable } from './deliverable.ts';
import type { Call } from './next-call.ts';

/** A surface that is due, what has to be asked of the platform, and what that draws from. */
export interface Candidate {
  readonly surface: Deliverable;
  readonly call: Call;
  readonly rates: readonly Rate[];
  /** What a post in the channel itself, outside any thread, draws from. */
  readonly channelRates: readonly Rate[];
}
