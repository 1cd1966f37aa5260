import { type EventInterval, type EventTotals, shareOf } from './event-interval.ts';
import { memoryOf } from './inefficiency.ts';

/** Until enough intervals are seen, events are taken to come in pairs, as after that many intervals. */
const assumedClump = 2;
const assumedIntervals = 4;
/** Standard errors added to what is measured of the memory of the intervals. */
const caution = 0.75;

/** Events on the candidate beyond those expected at the ratio found, per interval. */
export interface Surprises {
  readonly values: readonly number[];
  /** Sum of their variances if every event came alone. */
  readonly variance: number;
}

/** Compares each interval with what the ratio of the totals leads to expect. */
export function surprisesOf(intervals: readonly EventInterval[], totals: EventTotals): Surprises {
  const { candidate, stable } = totals;
  // Half an event on either side keeps the ratio finite and barely moves it.
  const ratio =
    (candidate.events + 0.5) / candidate.exposure / ((stable.events + 0.5) / stable.exposure);
  const values: number[] = [];
  let variance = 0;
  for (const interval of intervals) {
    const share = shareOf(interval);
    const part = (ratio * share) / (1 - share + ratio * share);
    const all = interval.stable.events + interval.candidate.events;
    values.push(interval.candidate.events - all * part);
    variance += all * part * (1 - part);
  }
  return { values, variance };
}

/**
 * How much more the candidate's part of the events varies than it would if every event came alone,
 * memory from interval to interval included; never below 1. Evidence is divided by it: McCullagh
 * and Nelder 1989, section 4.5 (quasi-likelihood), with the long-run variance in place of the
 * variance. For events that come alone this can only lower the evidence, so the promise stays exact.
 */
export function clumping({ values, variance }: Surprises): number {
  if (variance <= 0) return assumedClump;
  let squares = 0;
  for (const value of values) squares += value * value;
  const prior = (variance / values.length) * assumedIntervals;
  const memory = memoryOf(values);
  const found = (squares * memory.time + assumedClump * prior) / (variance + prior);
  return Math.max(1, found * (1 + caution * memory.doubt));
}
