import type { Objective } from './budget.ts';

/** What a candidate does to the budget while it serves. Traffic is taken as even. */
export interface Exposure {
  /** Share of the traffic on the candidate, from 0 to 1. */
  readonly weight: number;
  /** Share of its requests that fail beyond what stable's do; below 0 counts as 0. */
  readonly excess: number;
  readonly seconds: number;
}

/** The part of the period's budget that exposures have spent: weight x excess x time over the whole. */
export function spentOf(objective: Objective, exposures: readonly Exposure[]): number {
  let failed = 0;
  for (const { weight, excess, seconds } of exposures) {
    failed += weight * Math.max(0, excess) * seconds;
  }
  return failed / (objective.periodSeconds * (1 - objective.target));
}

/** Seconds for which a step may run at such a loss before the cap is reached; infinite without loss. */
export function secondsUntilCap(
  objective: Objective,
  weight: number,
  excess: number,
  cap: number,
): number {
  const perSecond = spentOf(objective, [{ weight, excess, seconds: 1 }]);
  return perSecond === 0 ? Number.POSITIVE_INFINITY : cap / perSecond;
}
