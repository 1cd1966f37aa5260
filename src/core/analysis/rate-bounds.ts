import type { Bounds } from './comparison.ts';
import type { EventTotals } from './event-interval.ts';
import {
  type EventSplit,
  evidenceAboveRate,
  evidenceBelowRate,
  evidenceOfMoreIn,
  swapped,
} from './rate-evidence.ts';
import { boundary, boundaryOffNoChange, excessOf, pointAt } from './root.ts';

const furthest = 30;
/** Of a ratio or a rate: finer than anybody reads. */
const precision = 0.001;

/**
 * The interval for the difference of two rates: an interval for their ratio, carried over with the
 * pooled rate, whose own uncertainty widens the outer ends and never moves an end across zero.
 */
export function rateBounds(
  totals: EventTotals,
  splits: { readonly up: readonly EventSplit[]; readonly down: readonly EventSplit[] },
  threshold: number,
): Bounds {
  const { split, stable, candidate } = totals;
  const low = lowestRatio(splits.up, threshold);
  const high = 1 / lowestRatio(splits.down.map(swapped), threshold);
  const exposure = stable.exposure + candidate.exposure;
  const most = highestRate(stable.events + candidate.events, exposure, threshold);
  const least = lowestRate(stable.events + candidate.events, exposure, threshold);
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
function lowestRatio(splits: readonly EventSplit[], threshold: number): number {
  const estimate = Math.log(estimatedRatio(splits));
  const excess = (u: number): number => excessOf(evidenceOfMoreIn(splits, Math.exp(u)), threshold);
  const unchanged = pointAt(0, excess);
  // The end that is shown must agree with the decision that is made at no change.
  const excluded = unchanged.excess >= 0;
  let inside = estimate > 0 && !excluded ? unchanged : pointAt(estimate, excess);
  for (let width = 0.5; ; width *= 2) {
    const at = inside.at - width;
    if (excluded && at <= 0) {
      return Math.exp(boundaryOffNoChange(inside, unchanged, excess, precision));
    }
    if (at < -furthest) return 0;
    const outside = pointAt(at, excess);
    if (outside.excess >= 0) return Math.exp(boundary(inside, outside, excess, precision));
    inside = outside;
  }
}

/**
 * The ratio of the rates, over stages as Mantel and Haenszel 1959 have it; half an event on either
 * side keeps it finite.
 */
function estimatedRatio(splits: readonly EventSplit[]): number {
  let above = 0;
  let below = 0;
  for (const { candidate, all, share } of splits) {
    above += (candidate + 0.5 / splits.length) * (1 - share);
    below += (all - candidate + 0.5 / splits.length) * share;
  }
  return above / below;
}

function highestRate(events: number, exposure: number, threshold: number): number {
  const excess = (rate: number): number =>
    excessOf(evidenceBelowRate(events, exposure, rate), threshold);
  let inside = pointAt(events / exposure, excess);
  let outside = pointAt((events + threshold + 1) / exposure, excess);
  for (let i = 0; i < 60 && outside.excess < 0; i++) {
    inside = outside;
    outside = pointAt(outside.at * 1.5, excess);
  }
  return boundary(inside, outside, excess, precision * outside.at);
}

function lowestRate(events: number, exposure: number, threshold: number): number {
  const excess = (rate: number): number =>
    excessOf(evidenceAboveRate(events, exposure, rate), threshold);
  const none = pointAt(0, excess);
  if (none.excess < 0) return 0;
  const found = pointAt(events / exposure, excess);
  return boundary(found, none, excess, precision * found.at);
}
