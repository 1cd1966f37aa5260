import { type Clumping, clumping } from './clumping.ts';
import type { Comparison } from './comparison.ts';
import { type EventInterval, type EventTotals, rateOf, totalEvents } from './event-interval.ts';
import type { Learnt } from './learnt.ts';
import { rateBounds } from './rate-bounds.ts';
import { evidenceOfLessIn, evidenceOfMore, evidenceOfMoreIn } from './rate-evidence.ts';
import { mostTelling } from './stretch.ts';

/** How far a series is trusted to be what it looks like. */
export interface Prudence {
  /** Standard errors added to what is measured of the memory of the intervals. */
  readonly caution: number;
  /** The stretch that is left out is the root of their number divided by this. */
  readonly part: number;
}

/** Errors and other events. */
export const ofEvents: Prudence = { caution: 0.5, part: 3 };
/** Slow requests come in the queues that they make, so more is allowed for. */
export const ofSlowness: Prudence = { caution: 0.75, part: 2 };

/**
 * Compares two rates at any look; see `evidenceOfMore` for why it holds. There must be an interval
 * with exposure on both sides. `learnt`: how events came in releases before.
 */
export function compareRates(
  intervals: readonly EventInterval[],
  test: string,
  prudence: Prudence = ofEvents,
  learnt: Learnt | null = null,
): Comparison {
  const totals = totalEvents(intervals);
  const clumps = clumping(intervals, totals, prudence.caution, learnt);
  const { inefficiency } = clumps;
  const splits = splitsOf(intervals, totals, clumps, prudence.part);
  const values = { stable: rateOf(totals.stable), candidate: rateOf(totals.candidate) };
  const side = (name: 'stable' | 'candidate') => ({
    points: intervals.length,
    requests: totals[name].exposure,
    value: values[name],
  });
  return {
    test: clumps.learnt ? `${test}, clumps as in releases before` : test,
    stable: side('stable'),
    candidate: side('candidate'),
    estimate: values.candidate - values.stable,
    evidence: {
      up: evidenceOfMoreIn(splits.up, 1) / inefficiency,
      down: evidenceOfLessIn(splits.down, 1) / inefficiency,
    },
    deviation: deviationOf(totals, inefficiency),
    inefficiency,
    variations: clumps.variations,
    bounds: (threshold) => rateBounds(totals, splits, threshold * inefficiency),
    detectable: (threshold) =>
      smallestRise(
        totals,
        clumps.learnt ? 1 : keptOf(intervals.length, prudence.part),
        intervals.length,
        threshold * inefficiency,
      ),
  };
}

/**
 * What counts: everything where it is known how events come here, and everything but the most telling
 * stretch where it is not.
 */
function splitsOf(
  intervals: readonly EventInterval[],
  totals: EventTotals,
  { learnt, surprises }: Clumping,
  part: number,
): { readonly up: EventTotals['splits']; readonly down: EventTotals['splits'] } {
  if (learnt) return { up: totals.splits, down: totals.splits };
  return {
    up: totalEvents(intervals, mostTelling(surprises, 1, part)).splits,
    down: totalEvents(intervals, mostTelling(surprises, -1, part)).splits,
  };
}

/** The part of so many intervals that counts where the most telling stretch is left out. */
function keptOf(intervals: number, part: number): number {
  return intervals === 0 ? 0 : 1 - Math.ceil(Math.sqrt(intervals) / part) / intervals;
}

/** Of the binomial count of events on the candidate; half an event is taken off (Yates 1934). */
function deviationOf({ splits }: EventTotals, inefficiency: number): Comparison['deviation'] {
  let variance = 0;
  let over = 0;
  for (const { candidate, all, share } of splits) {
    variance += all * share * (1 - share);
    over += candidate - all * share;
  }
  const deviation = Math.sqrt(variance * inefficiency);
  return deviation === 0
    ? { up: 0, down: 0 }
    : { up: (over - 0.5) / deviation, down: (-over - 0.5) / deviation };
}

/**
 * The evidence that `compareRates` would find before anything is taken off it: most stretches show
 * so little that the rest of the work is spared. Infinite where trials without are the rarer.
 */
export function mostOfRates(intervals: readonly EventInterval[], ofTrials: boolean): number {
  const { split, splits, stable, candidate } = totalEvents(intervals);
  if (ofTrials && split.all * 2 > stable.exposure + candidate.exposure)
    return Number.POSITIVE_INFINITY;
  return Math.max(evidenceOfMoreIn(splits, 1), evidenceOfLessIn(splits, 1));
}

/** The same for events of which most trials have one: counts the trials without instead. */
export function compareShares(
  intervals: readonly EventInterval[],
  test: string,
  prudence: Prudence = ofEvents,
  learnt: Learnt | null = null,
): Comparison {
  const { split, stable, candidate } = totalEvents(intervals);
  if (split.all * 2 <= stable.exposure + candidate.exposure) {
    return compareRates(intervals, test, prudence, learnt);
  }
  const rest = compareRates(
    intervals.map((interval) => ({
      ...interval,
      stable: complement(interval.stable),
      candidate: complement(interval.candidate),
    })),
    test,
    prudence,
    learnt,
  );
  const turned = (side: Comparison['stable']) => ({ ...side, value: 1 - (side.value ?? 0) });
  return {
    ...rest,
    stable: turned(rest.stable),
    candidate: turned(rest.candidate),
    estimate: -rest.estimate,
    evidence: { up: rest.evidence.down, down: rest.evidence.up },
    deviation: { up: rest.deviation.down, down: rest.deviation.up },
    bounds(threshold) {
      const { low, high } = rest.bounds(threshold);
      return { low: -high, high: -low };
    },
    detectable(_, { low }) {
      return stable.events === 0 ? null : (-rest.estimate - low) / rateOf(stable);
    },
  };
}

function complement(side: EventInterval['stable']): EventInterval['stable'] {
  return { events: side.exposure - side.events, exposure: side.exposure };
}

/** The smallest relative rise whose expected counts reach the threshold; null from 100 times on. */
function smallestRise(
  totals: EventTotals,
  kept: number,
  intervals: number,
  threshold: number,
): number | null {
  const rate = rateOf(totals.stable);
  if (rate === 0 || intervals < 2) return null;
  const { share } = totals.split;
  const shows = (ratio: number): boolean => {
    const candidate = rate * ratio * totals.candidate.exposure * kept;
    const all = candidate + totals.stable.events * kept;
    return evidenceOfMore({ candidate, all, share }, 1) >= threshold;
  };
  let low = 1;
  let high = 100;
  if (!shows(high)) return null;
  for (let i = 0; i < 14; i++) {
    const middle = Math.sqrt(low * high);
    if (shows(middle)) high = middle;
    else low = middle;
  }
  return high - 1;
}
