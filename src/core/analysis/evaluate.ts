import { align } from './align.ts';
import type { Comparison } from './comparison.ts';
import { histogramIntervals } from './histogram.ts';
import type { Metric } from './metric.ts';
import { compareRanks } from './rank-comparison.ts';
import { compareRates, type EventInterval } from './rate-comparison.ts';
import type { Reading, Sample } from './reading.ts';

export type Evaluation =
  | { readonly kind: 'compared'; readonly comparison: Comparison }
  | { readonly kind: 'too_few'; readonly because: string; readonly comparison: Comparison | null }
  | { readonly kind: 'unusable'; readonly class: Reading['class']; readonly because: string };

export interface Minimum {
  readonly points: number;
  readonly requests: number;
}

/** Runs the test that fits the data. Data that is not `ok` never gets here. */
export function evaluate(
  metric: Metric,
  stable: Reading,
  candidate: Reading,
  minimum: Minimum,
): Evaluation {
  const unfit = unusable('candidate', candidate) ?? unusable('stable', stable);
  if (unfit !== null) return unfit;
  const { pairs, alone } = align(stable.samples, candidate.samples);
  const leftOut = alone.stable + alone.candidate === 0 ? [] : [unpaired(alone)];
  const events = eventIntervals(metric, pairs);
  if (events !== null) {
    if (events.intervals.length === 0) {
      return { kind: 'too_few', because: 'no interval was seen on both sides', comparison: null };
    }
    const comparison = compareRates(events.intervals, events.test, leftOut);
    return enoughRequests(comparison, minimum, metric);
  }
  const values = pairs.flatMap(({ stable: a, candidate: b }) =>
    a.kind === 'value' && b.kind === 'value' && Number.isFinite(a.value) && Number.isFinite(b.value)
      ? [{ stable: a.value, candidate: b.value }]
      : [],
  );
  if (values.length === 0) {
    return { kind: 'too_few', because: 'no interval was seen on both sides', comparison: null };
  }
  const dropped = pairs.length - values.length;
  const notes = dropped === 0 ? leftOut : [...leftOut, `${dropped} points that are no numbers`];
  const comparison = compareRanks(values, notes);
  if (values.length < minimum.points) {
    const because = `${values.length} of at least ${minimum.points} points`;
    return { kind: 'too_few', because, comparison };
  }
  return { kind: 'compared', comparison };
}

function unusable(side: string, reading: Reading): Evaluation | null {
  if (reading.class === 'ok') return null;
  if (reading.class === 'too_few') {
    const because = `too few points on ${side}`;
    return { kind: 'too_few', because, comparison: null };
  }
  const note = reading.notes[0];
  const because = `${classText[reading.class]} on ${side}${note === undefined ? '' : `: ${note}`}`;
  return { kind: 'unusable', class: reading.class, because };
}

const classText = {
  ok: 'data',
  no_traffic: 'no traffic',
  no_series: 'no series',
  not_finite: 'values that are no numbers',
  too_few: 'too few points',
  provider_error: 'the metrics source failed',
  ambiguous_series: 'more than one series',
} as const satisfies Record<Reading['class'], string>;

function unpaired(alone: { readonly stable: number; readonly candidate: number }): string {
  return `intervals seen on one side only: ${alone.stable} on stable, ${alone.candidate} on candidate`;
}

function eventIntervals(
  metric: Metric,
  pairs: readonly { readonly stable: Sample; readonly candidate: Sample }[],
): { readonly intervals: readonly EventInterval[]; readonly test: string } | null {
  const kind = pairs[0]?.candidate.kind;
  if (kind === 'histogram') return histogramIntervals(metric, pairs);
  if (kind !== 'ratio' && kind !== 'count') return null;
  const intervals: EventInterval[] = [];
  for (const { stable, candidate } of pairs) {
    const left = eventsOf(stable);
    const right = eventsOf(candidate);
    if (left === null || right === null) continue;
    if (left.exposure > 0 && right.exposure > 0) intervals.push({ stable: left, candidate: right });
  }
  const test = kind === 'ratio' ? 'sequential exact test' : 'sequential Poisson test';
  return { intervals, test };
}

function eventsOf(sample: Sample): { readonly events: number; readonly exposure: number } | null {
  if (sample.kind === 'ratio') return { events: sample.bad, exposure: sample.total };
  if (sample.kind === 'count') return { events: sample.events, exposure: sample.exposure };
  return null;
}

function enoughRequests(comparison: Comparison, minimum: Minimum, metric: Metric): Evaluation {
  const fewest = Math.min(comparison.stable.requests ?? 0, comparison.candidate.requests ?? 0);
  if (metric.type === 'count' || fewest >= minimum.requests)
    return { kind: 'compared', comparison };
  const because = `${Math.floor(fewest)} of at least ${minimum.requests} requests`;
  return { kind: 'too_few', because, comparison };
}
