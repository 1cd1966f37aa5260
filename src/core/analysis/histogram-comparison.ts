import type { Bounds, Comparison } from './comparison.ts';
import type { EventInterval } from './event-interval.ts';
import {
  countOf,
  countsAbove,
  type Histogram,
  histogramOf,
  quantileOf,
  sumHistograms,
} from './histogram.ts';
import type { Learnt } from './learnt.ts';
import { compareShares, mostOfRates, ofSlowness } from './rate-comparison.ts';
import type { Sample } from './reading.ts';

/** Requests after which the bound that divides fast from slow is settled for good. */
const settled = 500;

interface SamplePair {
  readonly stable: Sample;
  readonly candidate: Sample;
}

interface HistogramPair {
  readonly stable: Histogram;
  readonly candidate: Histogram;
  readonly stage: number;
  /** Requests on either side. */
  readonly counts: { readonly stable: number; readonly candidate: number };
}

/** The pairs that are histograms on both sides and hold requests on both. */
export function histogramPairs(
  pairs: readonly SamplePair[],
  stageOf: (at: number) => number = () => 0,
): {
  readonly found: readonly HistogramPair[];
  readonly kept: readonly SamplePair[];
} {
  const found: HistogramPair[] = [];
  const kept: SamplePair[] = [];
  let like: Histogram | undefined;
  for (const pair of pairs) {
    const { stable: left, candidate: right } = pair;
    if (left.kind !== 'histogram' || right.kind !== 'histogram') continue;
    const stable = histogramOf(left, like);
    like = stable;
    const candidate = histogramOf(right, like);
    const counts = { stable: countOf(stable), candidate: countOf(candidate) };
    if (!(counts.stable > 0 && counts.candidate > 0)) continue;
    found.push({ stable, candidate, counts, stage: stageOf(right.at) });
    kept.push(pair);
  }
  return { found, kept };
}

/**
 * Compares a quantile by the share of requests slower than one bucket bound: each request counts,
 * and the test is the one for shares. The bound is the one whose tail is nearest to the quantile's,
 * chosen from both sides together when few requests had been seen; since the sums of both sides
 * carry no news about which side is slower, choosing by them breaks nothing.
 * The shares found are carried over to the quantile along the distribution of the side that is faster.
 */
export function compareHistograms(
  pairs: readonly HistogramPair[],
  quantile: number,
  learnt: Learnt | null = null,
): Comparison {
  const bound = dividingBound(pairs, quantile);
  const intervals = tailsOf(pairs, bound);
  const test = `sequential exact test of the share above ${bound}`;
  const shares = compareShares(intervals, test, ofSlowness, learnt);
  const { stable, candidate } = standardised(pairs);
  const values = {
    stable: quantileOf(stable, quantile),
    candidate: quantileOf(candidate, quantile),
  };
  const share = shares.stable.value ?? 0;
  /** How much longer a side takes whose share of slow requests has risen by so much. */
  const stretched = (side: Histogram, slow: number, rise: number): number => {
    const before = quantileOf(side, 1 - slow);
    const after = quantileOf(side, 1 - Math.min(1, slow + rise));
    return after > 0 ? before / after : Number.POSITIVE_INFINITY;
  };
  // A fall is read off the candidate, for nothing is known of what lies beyond the last bound on stable.
  const shiftAt = (difference: number): number => {
    if (difference < 0) {
      const slow = shares.candidate.value ?? 0;
      return values.stable * (1 / stretched(candidate, slow, -difference) - 1);
    }
    const longer = stretched(stable, share, difference);
    return Number.isFinite(longer) ? values.stable * (longer - 1) : longer;
  };
  return {
    ...shares,
    stable: { ...shares.stable, value: values.stable },
    candidate: { ...shares.candidate, value: values.candidate },
    estimate: values.candidate - values.stable,
    bounds(threshold): Bounds {
      const { low, high } = shares.bounds(threshold);
      return { low: shiftAt(low), high: shiftAt(high) };
    },
    detectable(threshold, bounds) {
      const rise = shares.detectable(threshold, bounds);
      if (rise === null || !(values.stable > 0)) return null;
      const shift = shiftAt(share * rise) / values.stable;
      return Number.isFinite(shift) ? shift : null;
    },
  };
}

/**
 * The distribution of either side. Over several stages each counts for both sides alike, as it does
 * for the rates of events.
 */
function standardised(pairs: readonly HistogramPair[]): {
  readonly stable: Histogram;
  readonly candidate: Histogram;
} {
  const stages = [...Map.groupBy(pairs, ({ stage }) => stage).values()].map((members) => ({
    stable: sumHistograms(members.map((pair) => pair.stable)),
    candidate: sumHistograms(members.map((pair) => pair.candidate)),
  }));
  const [only] = stages;
  if (only !== undefined && stages.length === 1) return only;
  const scaled = stages.map(({ stable, candidate }) => {
    const counts = { stable: countOf(stable), candidate: countOf(candidate) };
    const all = counts.stable + counts.candidate;
    return {
      stable: times(stable, counts.candidate / all),
      candidate: times(candidate, counts.stable / all),
    };
  });
  return {
    stable: sumHistograms(scaled.map((stage) => stage.stable)),
    candidate: sumHistograms(scaled.map((stage) => stage.candidate)),
  };
}

function times({ upper, counts }: Histogram, by: number): Histogram {
  return { upper, counts: counts.map((count) => count * by) };
}

/** The evidence that `compareHistograms` would find before anything is taken off it. */
export function mostOfHistograms(pairs: readonly HistogramPair[], quantile: number): number {
  return mostOfRates(tailsOf(pairs, dividingBound(pairs, quantile)), true);
}

function tailsOf(pairs: readonly HistogramPair[], bound: number): readonly EventInterval[] {
  const slow = countsAbove(bound);
  return pairs.map((pair) => ({
    stage: pair.stage,
    stable: { events: slow(pair.stable), exposure: pair.counts.stable },
    candidate: { events: slow(pair.candidate), exposure: pair.counts.candidate },
  }));
}

function dividingBound(pairs: readonly HistogramPair[], quantile: number): number {
  const early: Histogram[] = [];
  let seen = 0;
  for (const pair of pairs) {
    early.push(pair.stable, pair.candidate);
    seen += pair.counts.stable + pair.counts.candidate;
    if (seen >= settled) break;
  }
  const pooled = sumHistograms(early);
  let best = pooled.upper[0] ?? 0;
  let nearest = Number.POSITIVE_INFINITY;
  let above = seen;
  pooled.upper.forEach((bound, i) => {
    above -= pooled.counts[i] ?? 0;
    if (bound === Number.POSITIVE_INFINITY) return;
    const distance = Math.abs(Math.log((above + 0.5) / (seen * (1 - quantile) + 0.5)));
    if (distance >= nearest) return;
    nearest = distance;
    best = bound;
  });
  return best;
}
