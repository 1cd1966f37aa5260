import type { EventSplit } from './rate-evidence.ts';

/** Events out of trials, or over an exposure. */
export interface Events {
  readonly events: number;
  readonly exposure: number;
}

/** Events of both sides in one interval. */
export interface EventInterval {
  readonly stable: Events;
  readonly candidate: Events;
  /** The stage of the release, from 0: between stages the candidate's share of the traffic changes. */
  readonly stage?: number;
}

/** Sums over intervals, and how the events fell. */
export interface EventTotals {
  /** Where there are several stages, events as in standardised rates: see `standardised`. */
  readonly stable: Events;
  readonly candidate: Events;
  readonly split: EventSplit;
  /** How the events fell in each stage. */
  readonly splits: readonly EventSplit[];
}

/** The candidate's share of the trials or of the exposure. */
export function shareOf(interval: EventInterval): number {
  return interval.candidate.exposure / (interval.candidate.exposure + interval.stable.exposure);
}

/** Events per trial or per unit of exposure. */
export function rateOf(side: Events): number {
  return side.exposure === 0 ? 0 : side.events / side.exposure;
}

interface Sums {
  readonly stable: { events: number; exposure: number };
  readonly candidate: { events: number; exposure: number };
  /** The candidate's share, summed over events. */
  shared: number;
}

function noSums(): Sums {
  return {
    stable: { events: 0, exposure: 0 },
    candidate: { events: 0, exposure: 0 },
    shared: 0,
  };
}

/** Sums the intervals, those from `from` to before `to` left out. */
export function totalEvents(
  intervals: readonly EventInterval[],
  without: { readonly from: number; readonly to: number } = { from: 0, to: 0 },
): EventTotals {
  let sums = noSums();
  let stage = intervals[0]?.stage ?? 0;
  const stages = [sums];
  for (let i = 0; i < intervals.length; i++) {
    const interval = intervals[i];
    if (interval === undefined || (i >= without.from && i < without.to)) continue;
    if ((interval.stage ?? 0) !== stage) {
      stage = interval.stage ?? 0;
      sums = noSums();
      stages.push(sums);
    }
    sums.stable.events += interval.stable.events;
    sums.stable.exposure += interval.stable.exposure;
    sums.candidate.events += interval.candidate.events;
    sums.candidate.exposure += interval.candidate.exposure;
    sums.shared += (interval.stable.events + interval.candidate.events) * shareOf(interval);
  }
  if (stages.length > 1) return standardised(stages.filter(seen));
  const split = splitOf(sums);
  return { split, splits: [split], stable: sums.stable, candidate: sums.candidate };
}

function splitOf({ stable, candidate, shared }: Sums): EventSplit {
  const all = stable.events + candidate.events;
  const exposure = stable.exposure + candidate.exposure;
  const share = all > 0 ? shared / all : exposure > 0 ? candidate.exposure / exposure : 0.5;
  return { candidate: candidate.events, all, share };
}

function seen({ stable, candidate }: Sums): boolean {
  return stable.exposure > 0 && candidate.exposure > 0;
}

/**
 * Totals of several stages. Plain sums would compare a candidate that served most in one stage with a
 * stable that served most in another, and what changed between the two for everybody would count as a
 * difference (Simpson 1951). So rates are standardised: each stage counts for both sides alike, by
 * the weights of Mantel and Haenszel 1959 (Greenland and Robins 1985 for the difference of rates).
 * Exposures stay what they were, and events are what they would be at the standardised rates.
 */
function standardised(stages: readonly Sums[]): EventTotals {
  let weights = 0;
  const rates = { stable: 0, candidate: 0 };
  const exposures = { stable: 0, candidate: 0 };
  for (const { stable, candidate } of stages) {
    const weight = (stable.exposure * candidate.exposure) / (stable.exposure + candidate.exposure);
    weights += weight;
    rates.stable += weight * rateOf(stable);
    rates.candidate += weight * rateOf(candidate);
    exposures.stable += stable.exposure;
    exposures.candidate += candidate.exposure;
  }
  const side = (name: 'stable' | 'candidate'): Events => ({
    events: weights === 0 ? 0 : (rates[name] / weights) * exposures[name],
    exposure: exposures[name],
  });
  const splits = stages.map(splitOf);
  let all = 0;
  let candidate = 0;
  let shared = 0;
  for (const split of splits) {
    all += split.all;
    candidate += split.candidate;
    shared += split.all * split.share;
  }
  const exposure = exposures.stable + exposures.candidate;
  const share = all > 0 ? shared / all : exposure > 0 ? exposures.candidate / exposure : 0.5;
  return {
    stable: side('stable'),
    candidate: side('candidate'),
    split: { candidate, all, share },
    splits,
  };
}
