import { histogramOf, quantileOf } from '#core/analysis/histogram.ts';
import type { Metric } from '#core/analysis/metric.ts';
import type { Sample } from '#core/analysis/reading.ts';
import type { Instant } from '#core/ids.ts';
import type { HealthPoint } from './health.ts';

/** Values that show how a metric is while the alert rings: those since so long before it began. */
const ringingMs = 60_000;
/** Points on either side without which levels say nothing. */
const least = 3;
/** What is beyond so many of the earlier values is no chance of theirs. */
const usual = 0.95;

/** A metric before a release had traffic, and from then on; values at the end of their intervals. */
export interface MetricCourse {
  readonly before: readonly Sample[];
  readonly after: readonly Sample[];
}

/** Beyond which value a metric is bad, in the bad direction. */
export interface Threshold {
  readonly value: number;
  readonly down: boolean;
}

/**
 * Beyond which value a metric is bad: its hard limit; without one, halfway between how it was
 * before the release and how it is while the alert rings, where that is worse by more than the
 * metric's floors and than nearly all that was seen before. Null when it does not show the alert.
 */
export function thresholdOf(
  metric: Metric,
  { before, after }: MetricCourse,
  startsAt: Instant,
): Threshold | null {
  const down = metric.bad === 'down';
  if (metric.limit !== undefined) return { value: metric.limit, down };
  const earlier = valuesOf(metric, before);
  const ringing = valuesOf(
    metric,
    after.filter(({ at }) => at >= startsAt - ringingMs),
  );
  if (earlier.length < least || ringing.length < least) return null;
  const was = quantile(earlier, 0.5);
  const is = quantile(ringing, 0.5);
  const fell = metric.bad !== 'up' && is < was;
  const worse = fell ? was - is : is - was;
  const { relative, absolute } = metric.floor;
  if (metric.bad === 'down' && !fell) return null;
  if (worse <= Math.max(absolute, relative * Math.abs(was))) return null;
  const edge = quantile(earlier, fell ? 1 - usual : usual);
  if (fell ? is >= edge : is <= edge) return null;
  return { value: (was + is) / 2, down: fell };
}

/**
 * Whether it was beyond the threshold at each instant, on any of the targets; what is no number, or
 * had no requests, is left out.
 */
export function pointsOf(
  metric: Metric,
  { before, after }: MetricCourse,
  { value, down }: Threshold,
): readonly HealthPoint[] {
  const bad = new Map<Instant, boolean>();
  for (const sample of [...before, ...after]) {
    const is = numberOf(metric, sample);
    if (is === null) continue;
    bad.set(sample.at, bad.get(sample.at) === true || (down ? is < value : is > value));
  }
  return [...bad].map(([at, isBad]) => ({ at, bad: isBad })).sort((a, b) => a.at - b.at);
}

function valuesOf(metric: Metric, samples: readonly Sample[]): readonly number[] {
  return samples.flatMap((sample) => numberOf(metric, sample) ?? []);
}

function numberOf({ quantile: q }: Metric, sample: Sample): number | null {
  switch (sample.kind) {
    case 'value':
      return finite(sample.value);
    case 'ratio':
      return finite(sample.bad / sample.total);
    case 'count':
      return finite(sample.events / sample.exposure);
    case 'histogram':
      return finite(quantileOf(histogramOf(sample), q));
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}
