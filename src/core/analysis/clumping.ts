import { type EventInterval, type EventTotals, shareOf } from './event-interval.ts';
import { memoryOf } from './inefficiency.ts';
import type { Learnt } from './learnt.ts';

/** Until enough intervals are seen, events are taken to come in pairs, as after that many intervals. */
const assumedClump = 2;
const assumedIntervals = 4;
/** What releases before showed counts for as many intervals as this, however much they showed. */
const learntIntervals = 240;
/** Standard errors beyond what was learnt from which a candidate is taken at its own word. */
const surprising = 3;
/** Standard errors added to what was learnt and seen together. */
const learntCaution = 1;

/** What varies from interval to interval, and how much it would if every event came alone. */
interface Varying {
  readonly values: readonly number[];
  /** Sum of their variances if every event came alone. */
  readonly variance: number;
}

/** How much something varied over all intervals, and how much it would if every event came alone. */
interface Variation {
  /** Sum of squares, memory from interval to interval included. */
  readonly observed: number;
  readonly expected: number;
  /** Relative standard error of what is observed. */
  readonly doubt: number;
}

/** How events came. */
export interface Clumping {
  /** Evidence is divided by it; at least 1. */
  readonly inefficiency: number;
  /** Whether it rests on what releases before showed as well: then the whole counts, with no stretch left out. */
  readonly learnt: boolean;
  readonly variations: readonly Variation[];
  /** Per interval, by how much the candidate had more events than the ratio of the totals leads to expect. */
  readonly surprises: readonly number[];
}

/** Of the rates; half an event on either side keeps it finite and barely moves it. */
function ratioOf({ candidate, stable }: EventTotals): number {
  return (candidate.events + 0.5) / candidate.exposure / ((stable.events + 0.5) / stable.exposure);
}

/** Events on the candidate beyond those that the ratio of the totals leads to expect. */
function surprisesOf(intervals: readonly EventInterval[], totals: EventTotals): Varying {
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
 * ratio) to the candidate's, in events of the candidate. A burst on one side only shows here and
 * nowhere else. Where stable is not raised at all, trouble that both sides share looks like clumps as
 * soon as the candidate is worse; where it is raised all the way, a few bursts on one side look like a
 * plain ratio.
 */
function differencesOf(intervals: readonly EventInterval[], totals: EventTotals): Varying {
  const raised = Math.sqrt(ratioOf(totals));
  const usual = totals.candidate.exposure / intervals.length;
  const values: number[] = [];
  let mean = 0;
  let variance = 0;
  for (const { stable, candidate } of intervals) {
    const above = (usual * candidate.events) / candidate.exposure;
    const below = (usual * raised * stable.events) / stable.exposure;
    values.push(above - below);
    mean += (above - below) / intervals.length;
    variance += (usual * above) / candidate.exposure + (usual * raised * below) / stable.exposure;
  }
  return { values: values.map((value) => value - mean), variance };
}

function variationOf({ values, variance }: Varying): Variation {
  let squares = 0;
  for (const value of values) squares += value * value;
  const memory = memoryOf(values);
  return { observed: squares * memory.time, expected: variance, doubt: memory.doubt };
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
 *
 * What releases before showed is weighed in as if it had been seen in so many intervals more (a
 * conjugate prior for a variance: Gelman et al. 2013, section 2.6); not, where this release shows far
 * more than they did.
 */
export function clumping(
  intervals: readonly EventInterval[],
  totals: EventTotals,
  caution: number,
  learnt: Learnt | null,
): Clumping {
  const surprises = surprisesOf(intervals, totals);
  const variations = [surprises, differencesOf(intervals, totals)].map(variationOf);
  const usual = learnt === null || learnt.intervals < learntIntervals ? null : clumpOf(learnt);
  const as = usual === null || variations.some((one) => exceeds(one, usual)) ? null : usual;
  const found = variations.map((one) =>
    as === null ? alone(one, intervals.length, caution) : weighed(one, intervals.length, as),
  );
  return {
    inefficiency: Math.max(1, ...found),
    learnt: as !== null,
    variations,
    surprises: surprises.values,
  };
}

/** What releases before had for every event. */
function clumpOf({ variations }: Learnt): number {
  return Math.max(
    1,
    ...variations.map(({ observed, expected }) => (expected > 0 ? observed / expected : 1)),
  );
}

function exceeds({ observed, expected, doubt }: Variation, usual: number): boolean {
  return observed > expected * usual * (1 + surprising * doubt);
}

function alone({ observed, expected, doubt }: Variation, count: number, caution: number): number {
  if (expected <= 0) return assumedClump;
  const prior = (expected / count) * assumedIntervals;
  return ((observed + assumedClump * prior) / (expected + prior)) * (1 + caution * doubt);
}

function weighed({ observed, expected, doubt }: Variation, count: number, usual: number): number {
  if (expected <= 0) return Math.max(assumedClump, usual);
  const prior = (expected / count) * learntIntervals;
  const left = doubt * Math.sqrt(count / (count + learntIntervals));
  return ((observed + usual * prior) / (expected + prior)) * (1 + learntCaution * left);
}
