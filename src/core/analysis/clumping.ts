import { type EventInterval, type EventTotals, shareOf } from './event-interval.ts';
import { memoryOf } from './inefficiency.ts';

/** Until enough intervals are seen, events are taken to come in pairs, as after that many intervals. */
const assumedClump = 2;
const assumedIntervals = 4;

/** What varies from interval to interval, and how much it would if every event came alone. */
export interface Varying {
  readonly values: readonly number[];
  /** Sum of their variances if every event came alone. */
  readonly variance: number;
}

/** Of the rates; half an event on either side keeps it finite and barely moves it. */
function ratioOf({ candidate, stable }: EventTotals): number {
  return (candidate.events + 0.5) / candidate.exposure / ((stable.events + 0.5) / stable.exposure);
}

/** Events on the candidate beyond those that the ratio of the totals leads to expect. */
export function surprisesOf(intervals: readonly EventInterval[], totals: EventTotals): Varying {
  const ratio = ratioOf(totals);
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
 * Differences of the two rates around their mean, stable's raised half-way (by the root of the
 * ratio) to the candidate's. A burst on one side only shows here and nowhere else. Where stable is
 * not raised at all, trouble that both sides share looks like clumps as soon as the candidate is
 * worse; where it is raised all the way, a few bursts on one side look like a plain ratio.
 */
function differencesOf(intervals: readonly EventInterval[], totals: EventTotals): Varying {
  const raised = Math.sqrt(ratioOf(totals));
  const values: number[] = [];
  let mean = 0;
  let variance = 0;
  for (const { stable, candidate } of intervals) {
    const above = candidate.events / candidate.exposure;
    const below = (raised * stable.events) / stable.exposure;
    values.push(above - below);
    mean += (above - below) / intervals.length;
    variance += above / candidate.exposure + (raised * below) / stable.exposure;
  }
  return { values: values.map((value) => value - mean), variance };
}

/**
 * How much more the candidate's part of the events varies than it would if every event came alone,
 * memory from interval to interval included; never below 1. Evidence is divided by it: McCullagh
 * and Nelder 1989, section 4.5 (quasi-likelihood), with the long-run variance in place of the
 * variance. For events that come alone this can only lower the evidence, so the promise stays exact.
 *
 * `caution` is how many standard errors are added to what is measured of the memory. Two views of
 * the same intervals, and the larger counts: surprises given how many events there were, which are
 * blind to trouble that both sides share; and differences of the rates, because a burst that falls
 * on one side only looks like a plain ratio to the first, however few bursts there were.
 */
export function clumping(
  intervals: readonly EventInterval[],
  totals: EventTotals,
  surprises: Varying,
  caution: number,
): number {
  const differences = differencesOf(intervals, totals);
  return Math.max(1, excess(surprises, caution), excess(differences, caution));
}

function excess({ values, variance }: Varying, caution: number): number {
  if (variance <= 0) return assumedClump;
  let squares = 0;
  for (const value of values) squares += value * value;
  const prior = (variance / values.length) * assumedIntervals;
  const memory = memoryOf(values);
  const found = (squares * memory.time + assumedClump * prior) / (variance + prior);
  return found * (1 + caution * memory.doubt);
}
