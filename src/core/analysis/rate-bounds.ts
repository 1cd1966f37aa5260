import type { Bounds } from './comparison.ts';
import type { EventTotals } from './event-interval.ts';
import {
  type EventSplit,
  evidenceAboveRate,
  evidenceBelowRate,
  evidenceOfMore,
  swapped,
} from './rate-evidence.ts';
import { boundary } from './root.ts';

const furthest = 30;
const halvings = 16;

/**
 * The interval for the difference of two rates: an interval for their ratio, carried over with the
 * pooled rate, whose own uncertainty widens the outer ends and never moves an end across zero.
 */
export function rateBounds(
  totals: EventTotals,
  splits: { readonly up: EventSplit; readonly down: EventSplit },
  threshold: number,
): Bounds {
  const { split } = totals;
  const low = lowestRatio(splits.up, threshold);
  const high = 1 / lowestRatio(swapped(splits.down), threshold);
  const exposure = totals.stable.exposure + totals.candidate.exposure;
  const most = highestRate(split.all, exposure, threshold);
  const least = lowestRate(split.all, exposure, threshold);
  return {
    low: difference(low, split.share) * (low > 1 ? least : most),
    high: difference(high, split.share) * (high > 1 ? most : least),
  };
}

/** Difference of the rates, in pooled rates, when their ratio is `ratio`. */
function difference(ratio: number, share: number): number {
  if (ratio === Number.POSITIVE_INFINITY) return 1 / share;
  return (ratio - 1) / (1 - share + ratio * share);
}

/** The lowest ratio of the rates that the evidence does not exclude. */
function lowestRatio(split: EventSplit, threshold: number): number {
  if (split.candidate <= 0) return 0;
  const rest = split.all - split.candidate;
  const estimate = Math.log(
    ((split.candidate / Math.max(rest, 1e-9)) * (1 - split.share)) / split.share,
  );
  const rejected = (u: number): boolean => evidenceOfMore(split, Math.exp(u)) >= threshold;
  let inside = estimate;
  let width = 0.25;
  while (width < furthest && !rejected(estimate - width)) {
    inside = estimate - width;
    width *= 2;
  }
  if (width >= furthest) return 0;
  const found = boundary(inside, estimate - width, rejected, halvings);
  // The decision is made at a ratio of 1: the end that is shown must agree with it.
  return Math.exp(found < 0 && inside > 0 && rejected(0) ? 0 : found);
}

function highestRate(events: number, exposure: number, threshold: number): number {
  const rejected = (rate: number): boolean =>
    evidenceBelowRate(events, exposure, rate) >= threshold;
  let inside = events / exposure;
  let outside = (events + threshold + 1) / exposure;
  for (let i = 0; i < 60 && !rejected(outside); i++) {
    inside = outside;
    outside *= 1.5;
  }
  return boundary(inside, outside, rejected, halvings);
}

function lowestRate(events: number, exposure: number, threshold: number): number {
  const rejected = (rate: number): boolean =>
    evidenceAboveRate(events, exposure, rate) >= threshold;
  if (!rejected(0)) return 0;
  return boundary(events / exposure, 0, rejected, halvings);
}
