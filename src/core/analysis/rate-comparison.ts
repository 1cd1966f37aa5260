import type { Bounds, Comparison } from './comparison.ts';
import { autocorrelationTime } from './inefficiency.ts';
import {
  type EventSplit,
  evidenceAboveRate,
  evidenceBelowRate,
  evidenceOfLess,
  evidenceOfMore,
  swapped,
} from './rate-evidence.ts';
import { boundary } from './root.ts';
import { mostTelling, type Stretch } from './stretch.ts';

/** Events of both sides in one interval, out of trials or over an exposure. */
export interface EventInterval {
  readonly stable: { readonly events: number; readonly exposure: number };
  readonly candidate: { readonly events: number; readonly exposure: number };
}

interface Totals {
  readonly split: EventSplit;
  readonly stable: { readonly events: number; readonly exposure: number };
  readonly candidate: { readonly events: number; readonly exposure: number };
}

/** Until enough intervals are seen, errors are taken to come in pairs, as after that many intervals. */
const assumedClump = 2;
const assumedIntervals = 4;
/** Standard errors added to what is measured of the memory of the intervals. */
const caution = 0.75;
const furthest = 30;
const halvings = 18;

/** Compares two rates at any look; see `evidenceOfMore` for why it holds. */
export function compareRates(
  intervals: readonly EventInterval[],
  test: string,
  leftOut: readonly string[],
): Comparison {
  const totals = total(intervals);
  const rates = { stable: rate(totals.stable), candidate: rate(totals.candidate) };
  const { surprises, expected } = fitted(intervals, totals);
  const inefficiency = clumping(surprises, expected);
  const higher = without(intervals, mostTelling(surprises));
  const lower = without(intervals, mostTelling(surprises.map((surprise) => -surprise)));
  const splits = { up: higher.split, down: lower.split };
  return {
    test,
    stable: { points: intervals.length, requests: totals.stable.exposure, value: rates.stable },
    candidate: {
      points: intervals.length,
      requests: totals.candidate.exposure,
      value: rates.candidate,
    },
    estimate: rates.candidate - rates.stable,
    evidence: {
      up: evidenceOfMore(splits.up, 1) / inefficiency,
      down: evidenceOfLess(splits.down, 1) / inefficiency,
    },
    inefficiency,
    bounds: (threshold) => bounds(totals, splits, threshold * inefficiency),
    leftOut,
  };
}

function without(intervals: readonly EventInterval[], stretch: Stretch): Totals {
  return total(intervals.filter((_, i) => i < stretch.from || i >= stretch.to));
}

function rate(side: { readonly events: number; readonly exposure: number }): number {
  return side.exposure === 0 ? 0 : side.events / side.exposure;
}

function total(intervals: readonly EventInterval[]): Totals {
  const stable = { events: 0, exposure: 0 };
  const candidate = { events: 0, exposure: 0 };
  let shared = 0;
  for (const interval of intervals) {
    stable.events += interval.stable.events;
    stable.exposure += interval.stable.exposure;
    candidate.events += interval.candidate.events;
    candidate.exposure += interval.candidate.exposure;
    shared += (interval.stable.events + interval.candidate.events) * shareOf(interval);
  }
  const all = stable.events + candidate.events;
  const exposure = stable.exposure + candidate.exposure;
  const share = all > 0 ? shared / all : candidate.exposure / Math.max(exposure, 1e-300);
  return { split: { candidate: candidate.events, all, share }, stable, candidate };
}

function shareOf(interval: EventInterval): number {
  return interval.candidate.exposure / (interval.candidate.exposure + interval.stable.exposure);
}

/** Events on the candidate beyond those expected at the ratio found, per interval. */
function fitted(
  intervals: readonly EventInterval[],
  totals: Totals,
): { readonly surprises: readonly number[]; readonly expected: number } {
  const { candidate, stable } = totals;
  const ratio =
    (candidate.events + 0.5) / candidate.exposure / ((stable.events + 0.5) / stable.exposure);
  const surprises: number[] = [];
  let expected = 0;
  for (const interval of intervals) {
    const share = shareOf(interval);
    const part = (ratio * share) / (1 - share + ratio * share);
    const all = interval.stable.events + interval.candidate.events;
    surprises.push(interval.candidate.events - all * part);
    expected += all * part * (1 - part);
  }
  return { surprises, expected };
}

/**
 * How much more the candidate's part of the events varies from interval to interval than
 * independent events would, memory included; never below 1. Evidence is divided by it.
 * McCullagh and Nelder 1989, section 4.5 (quasi-likelihood), with the long-run variance.
 */
function clumping(surprises: readonly number[], expected: number): number {
  if (expected <= 0) return assumedClump;
  let squares = 0;
  for (const surprise of surprises) squares += surprise * surprise;
  const prior = (expected / surprises.length) * assumedIntervals;
  const clumps = (squares + assumedClump * prior) / (expected + prior);
  return Math.max(1, clumps * autocorrelationTime(surprises, caution));
}

/**
 * The interval for the difference of the rates: an interval for their ratio, carried over with the
 * pooled rate, whose own uncertainty widens the outer ends and never moves an end across zero.
 */
function bounds(
  totals: Totals,
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

function lowestRatio(split: EventSplit, threshold: number): number {
  if (split.candidate <= 0) return 0;
  const odds = split.all > split.candidate ? split.candidate / (split.all - split.candidate) : 1e9;
  const estimate = Math.log((odds * (1 - split.share)) / split.share);
  const rejected = (u: number): boolean => evidenceOfMore(split, Math.exp(u)) >= threshold;
  let width = 0.25;
  while (width < furthest && !rejected(estimate - width)) width *= 2;
  if (width >= furthest) return 0;
  return Math.exp(boundary(estimate, estimate - width, rejected, halvings));
}

function highestRate(events: number, exposure: number, threshold: number): number {
  const guess = (events + threshold + 1) / exposure;
  let outside = guess;
  for (let i = 0; i < 40 && evidenceBelowRate(events, exposure, outside) < threshold; i++) {
    outside *= 2;
  }
  return boundary(
    events / exposure,
    outside,
    (at) => evidenceBelowRate(events, exposure, at) >= threshold,
    halvings,
  );
}

function lowestRate(events: number, exposure: number, threshold: number): number {
  if (evidenceAboveRate(events, exposure, 0) < threshold) return 0;
  return boundary(
    events / exposure,
    0,
    (at) => evidenceAboveRate(events, exposure, at) >= threshold,
    halvings,
  );
}
