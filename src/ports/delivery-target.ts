import type { Stamp, TargetChange, TargetStatus } from '#core/target-state.ts';

export type {
  Stamp,
  TargetChange,
  TargetProblem,
  TargetSide,
  TargetStatus,
} from '#core/target-state.ts';

/** Where: the name of a target in the settings and what runs there. */
export interface TargetRef {
  readonly target: string;
  readonly service: string;
  readonly environment: string;
}

/**
 * A place where releases land. `change` asks for a state and returns without waiting for it;
 * `inspect` tells how far the world has come.
 * @throws Fault `target.unavailable`, `target.conflict` (somebody else owns it),
 *   `target.identity_changed`, `target.rejected`, `store.fenced` when a newer fence wrote there
 */
export interface DeliveryTarget {
  inspect(ref: TargetRef): Promise<TargetStatus>;
  change(ref: TargetRef, change: TargetChange, stamp: Stamp, identity: string): Promise<void>;
}
