import type { EventInterval } from './event-interval.ts';
import type { ExpectedTraffic } from './expected-traffic.ts';
import type { Analysis, Metric } from './metric.ts';
import { remembers } from './query-range.ts';
import { columnsOf, compareRanks } from './rank-comparison.ts';
import { compareRates } from './rate-comparison.ts';
import { seeded } from './seeded.ts';

/** The fewest points per side with which a rank test can reach the evidence, sides wholly apart. */
export function fewestPoints(needed: number): number {
  for (let points = 1; points < 1000; points++) {
    const pairs = Array.from({ length: points }, (_, i) => ({
      stable: 1 + (i % 7) / 1000,
      candidate: 2 + ((i * 3) % 7) / 1000,
    }));
    if (compareRanks(columnsOf(pairs)).evidence.up >= needed) return points;
  }
  return 1000;
}

/** How a metric will be watched, and what is expected of it. */
export interface Watch {
  readonly analysis: Pick<Analysis, 'minimum' | 'step'>;
  readonly metric: Metric;
  readonly expected: ExpectedTraffic;
  /** Steps in order; those of one span are judged as one. */
  readonly spans: readonly (readonly WatchedStep[])[];
  readonly needed: number;
}

interface WatchedStep {
  readonly seconds: number;
  readonly everySeconds: number;
  readonly weight: number;
}

/** Intervals beyond which nobody waits; it keeps the answer quick. */
const longest = 480;

/**
 * The time of watching after which the typical run has shown a rise of so much, in whole intervals;
 * null when that is not within the time there is, or the rise is below the floors. Counts are taken
 * at their expectation; gauges are drawn with the expected spread, the same draws each time.
 */
export function secondsUntilSeen(watch: Watch, rise: number): number | null {
  let before = 0;
  for (const span of watch.spans) {
    const intervals = intervalsOf(watch, span);
    const seen = fewestIntervals(watch, intervals, rise);
    if (seen !== null) return before + (intervals[seen - 1]?.ends ?? 0);
    before += span.reduce((sum, { seconds }) => sum + seconds, 0);
  }
  return null;
}

/** Whether a rise of so much would be seen at all. */
export function seen(watch: Watch, rise: number): boolean {
  return watch.spans.some((span) => {
    const intervals = intervalsOf(watch, span);
    return shows(watch, intervals, rise);
  });
}

interface WatchedInterval {
  readonly seconds: number;
  /** Seconds since the span began. */
  readonly ends: number;
  readonly weight: number;
  readonly stage: number;
}

function intervalsOf(
  { analysis, metric }: Watch,
  span: readonly WatchedStep[],
): readonly WatchedInterval[] {
  let before = 0;
  const all = span.flatMap(({ seconds, everySeconds, weight }, stage) => {
    const length = Math.max(analysis.step ?? everySeconds, remembers(metric));
    const began = before;
    before += seconds;
    return Array.from({ length: Math.min(longest, Math.floor(seconds / length)) }, (_, i) => ({
      seconds: length,
      ends: began + (i + 1) * length,
      weight,
      stage,
    }));
  });
  return all.slice(0, longest);
}

function fewestIntervals(
  watch: Watch,
  intervals: readonly WatchedInterval[],
  rise: number,
): number | null {
  if (!shows(watch, intervals, rise)) return null;
  let low = 0;
  let high = intervals.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (shows(watch, intervals.slice(0, middle), rise)) high = middle;
    else low = middle;
  }
  return high;
}

function shows(watch: Watch, intervals: readonly WatchedInterval[], rise: number): boolean {
  const { floor, type } = watch.metric;
  if (intervals.length === 0 || rise < floor.relative) return false;
  return type === 'gauge' || type === 'latency'
    ? gaugeShows(watch, intervals.length, rise)
    : countsShow(watch, intervals, rise);
}

function countsShow(
  { expected, metric, analysis, needed }: Watch,
  watched: readonly WatchedInterval[],
  rise: number,
): boolean {
  // A histogram's tail: the share above the watched quantile, which a slower candidate fills.
  const share = metric.type === 'histogram' ? 1 - metric.quantile : expected.badShare;
  if (share * rise < metric.floor.absolute && metric.type === 'ratio') return false;
  const sums = { stable: 0, candidate: 0 };
  const steady = watched.map(({ seconds, weight, stage }): EventInterval => {
    const requests = expected.requestsPerSecond * seconds;
    const candidate = requests * weight;
    const stable = requests - candidate;
    sums.stable += stable;
    sums.candidate += candidate;
    return {
      stable: { events: stable * share, exposure: stable },
      candidate: { events: candidate * share * (1 + rise), exposure: candidate },
      stage,
    };
  });
  if (Math.min(sums.candidate, sums.stable) < analysis.minimum.requests) return false;
  return compareRates(steady, '').evidence.up >= needed;
}

const draws = 9;

function gaugeShows(
  { analysis, expected, needed }: Watch,
  intervals: number,
  rise: number,
): boolean {
  if (intervals < analysis.minimum.points) return false;
  let shown = 0;
  for (let seed = 1; seed <= draws; seed++) {
    const random = seeded(seed);
    const pairs = Array.from({ length: intervals }, () => ({
      stable: Math.exp(expected.spread * random.normal()),
      candidate: (1 + rise) * Math.exp(expected.spread * random.normal()),
    }));
    if (compareRanks(columnsOf(pairs)).evidence.up >= needed) shown++;
  }
  return shown * 2 > draws;
}
