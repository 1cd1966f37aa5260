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
}

/** Sums over intervals, and how the events fell. */
export interface EventTotals extends EventInterval {
  readonly split: EventSplit;
}

/** The candidate's share of the trials or of the exposure. */
export function shareOf(interval: EventInterval): number {
  return interval.candidate.exposure / (interval.candidate.exposure + interval.stable.exposure);
}

/** Events per trial or per unit of exposure. */
export function rateOf(side: Events): number {
  return side.exposure === 0 ? 0 : side.events / side.exposure;
}

/** Sums the intervals, those from `from` to before `to` left out. */
export function totalEvents(
  intervals: readonly EventInterval[],
  without: { readonly from: number; readonly to: number } = { from: 0, to: 0 },
): EventTotals {
  const stable = { events: 0, exposure: 0 };
  const candidate = { events: 0, exposure: 0 };
  let shared = 0;
  for (let i = 0; i < intervals.length; i++) {
    const interval = intervals[i];
    if (interval === undefined || (i >= without.from && i < without.to)) continue;
    stable.events += interval.stable.events;
    stable.exposure += interval.stable.exposure;
    candidate.events += interval.candidate.events;
    candidate.exposure += interval.candidate.exposure;
    shared += (interval.stable.events + interval.candidate.events) * shareOf(interval);
  }
  const all = stable.events + candidate.events;
  const exposure = stable.exposure + candidate.exposure;
  const share = all > 0 ? shared / all : exposure > 0 ? candidate.exposure / exposure : 0.5;
  return { split: { candidate: candidate.events, all, share }, stable, candidate };
}
