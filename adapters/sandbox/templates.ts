import { z } from 'zod';
import type { Metric } from '#core/analysis/metric.ts';
import type { Sample } from '#core/analysis/reading.ts';
import { latencyBounds } from './instance/http-metrics.ts';
import { type HttpCounts, type Point, sumOf } from './tracks.ts';

/** What a metric of the settings asks the sandbox: one of the templates. */
const Query = z.strictObject({
  template: z.enum([
    'http-errors',
    'http-requests',
    'http-latency',
    'http-latency-p50',
    'http-latency-p95',
    'http-latency-p99',
    'memory',
  ]),
  /** Whose counters: the proxy also sees the errors of instances that do not answer. */
  seenBy: z.enum(['proxy', 'instances']).default('proxy'),
});
type Query = z.infer<typeof Query>;

/** Reads the query of a metric; a sentence when it is not one. */
export function queryOf(metric: Metric): Query | string {
  const read = Query.safeParse(metric.query);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  return `The query of ${metric.name} is not one of the sandbox: ${issue?.path.join('.')}: ${issue?.message}.`;
}

const typesOf: Readonly<Record<Query['template'], readonly Metric['type'][]>> = {
  'http-errors': ['ratio'],
  'http-requests': ['count'],
  'http-latency': ['histogram'],
  'http-latency-p50': ['latency', 'gauge'],
  'http-latency-p95': ['latency', 'gauge'],
  'http-latency-p99': ['latency', 'gauge'],
  memory: ['gauge'],
};

/** Remarks on a metric, one plain sentence each. */
export function lintMetric(metric: Metric): readonly string[] {
  const query = queryOf(metric);
  if (typeof query === 'string') return [query];
  const types = typesOf[query.template];
  if (types.includes(metric.type)) return [];
  return [
    `${metric.name} is of type ${metric.type}, but ${query.template} gives samples for ${types.join(' or ')}.`,
  ];
}

/** One step as a sample; null when the step says nothing of the metric. */
export function sampleOf(
  query: Query,
  unit: Metric['unit'],
  points: readonly Point[],
  at: number,
  stepSeconds: number,
): Sample | null {
  if (query.template === 'memory') return memorySample(points, at);
  const counts = sumOf(points.map((point) => point[query.seenBy]));
  const scale = unit === 'seconds' ? 1 : 1000;
  switch (query.template) {
    case 'http-errors':
      return { kind: 'ratio', at, bad: counts.bad, total: counts.total };
    case 'http-requests':
      return { kind: 'count', at, events: counts.total, exposure: stepSeconds };
    case 'http-latency': {
      const upper = [...latencyBounds.map((bound) => bound * scale), null];
      return { kind: 'histogram', at, upper, counts: [...counts.buckets] };
    }
    case 'http-latency-p50':
      return quantileSample(counts, 0.5, scale, at);
    case 'http-latency-p95':
      return quantileSample(counts, 0.95, scale, at);
    case 'http-latency-p99':
      return quantileSample(counts, 0.99, scale, at);
  }
}

function memorySample(points: readonly Point[], at: number): Sample | null {
  const seen = points.map(({ memory }) => memory).filter((memory) => memory !== null);
  if (seen.length === 0) return null;
  return { kind: 'value', at, value: Math.round(seen.reduce((a, b) => a + b) / seen.length) };
}

function quantileSample(
  counts: HttpCounts,
  quantile: number,
  scale: number,
  at: number,
): Sample | null {
  const seconds = quantileOf(counts.buckets, quantile);
  return seconds === null ? null : { kind: 'value', at, value: seconds * scale };
}

/**
 * A quantile of bucketed values, even within each bucket, as Prometheus' `histogram_quantile` has
 * it; null without values. What is slower than every bound counts as the last bound.
 */
export function quantileOf(buckets: readonly number[], quantile: number): number | null {
  const total = buckets.reduce((a, b) => a + b, 0);
  if (total === 0) return null;
  const rank = quantile * total;
  let below = 0;
  for (const [index, count] of buckets.entries()) {
    if (count > 0 && below + count >= rank) {
      const low = latencyBounds[index - 1] ?? 0;
      const high = latencyBounds[index] ?? low;
      return low + (high - low) * ((rank - below) / count);
    }
    below += count;
  }
  return latencyBounds.at(-1) ?? null;
}
