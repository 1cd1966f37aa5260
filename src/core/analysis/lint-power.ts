import type { EventInterval } from './event-interval.ts';
import type { ExpectedTraffic } from './expected-traffic.ts';
import type { Metric } from './metric.ts';
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

interface PowerQuestion {
  readonly metric: Metric;
  readonly minimum: { readonly points: number; readonly requests: number };
  readonly expected: ExpectedTraffic;
  readonly weight: number;
  readonly rise: number;
  readonly needed: number;
  readonly intervalSeconds: number;
  readonly withinSeconds: number;
}

/** Intervals beyond which nobody waits; it keeps the answer quick. */
const longest = 480;

/**
 * The time after which the typical run has shown a rise of so much, in whole intervals; null when
 * that is not within the time there is, or the rise is below the floors. Counts are taken at their
 * expectation; gauges are drawn with the expected spread, the same draws each time.
 */
export function secondsToSee(question: PowerQuestion): number | null {
  if (question.rise < question.metric.floor.relative) return null;
  const most = Math.min(longest, Math.floor(question.withinSeconds / question.intervalSeconds));
  const shows = (intervals: number): boolean => {
    const type = question.metric.type;
    return type === 'gauge' || type === 'latency'
      ? gaugeShows(question, intervals)
      : countsShow(question, intervals);
  };
  if (most < 1 || !shows(most)) return null;
  let low = 0;
  let high = most;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (shows(middle)) high = middle;
    else low = middle;
  }
  return high * question.intervalSeconds;
}

function countsShow(question: PowerQuestion, intervals: number): boolean {
  const { expected, intervalSeconds, metric, minimum, weight } = question;
  // A histogram's tail: the share above the watched quantile, which a slower candidate fills.
  const share = metric.type === 'histogram' ? 1 - metric.quantile : expected.badShare;
  const requests = expected.requestsPerSecond * intervalSeconds;
  const candidate = requests * weight;
  const stable = requests - candidate;
  if (Math.min(candidate, stable) * intervals < minimum.requests) return false;
  const interval: EventInterval = {
    stable: { events: stable * share, exposure: stable },
    candidate: { events: candidate * share * (1 + question.rise), exposure: candidate },
  };
  if (share * question.rise < metric.floor.absolute && metric.type === 'ratio') return false;
  const steady = Array.from({ length: intervals }, () => interval);
  return compareRates(steady, '').evidence.up >= question.needed;
}

const draws = 9;

function gaugeShows(question: PowerQuestion, intervals: number): boolean {
  if (intervals < question.minimum.points) return false;
  let shown = 0;
  for (let seed = 1; seed <= draws; seed++) {
    const random = seeded(seed);
    const pairs = Array.from({ length: intervals }, () => ({
      stable: Math.exp(question.expected.spread * random.normal()),
      candidate: (1 + question.rise) * Math.exp(question.expected.spread * random.normal()),
    }));
    if (compareRanks(columnsOf(pairs)).evidence.up >= question.needed) shown++;
  }
  return shown * 2 > draws;
}
