import { histogramOf, quantileOf } from '#core/analysis/histogram.ts';
import type { Metric } from '#core/analysis/metric.ts';
import type { Reading, Sample } from '#core/analysis/reading.ts';
import type { AcaMetric } from './aca-metric.ts';

/** The numbers of one side as the `netflix-aca` profile compares them: one per interval. */
export function acaValues(metric: Metric, aca: AcaMetric, reading: Reading): Float64Array {
  const raw = reading.samples.map((sample) => sampleValue(metric, sample));
  const kept =
    aca.nanStrategy === 'replace'
      ? raw.map((value) => (Number.isNaN(value) ? 0 : value))
      : raw.filter((value) => !Number.isNaN(value));
  const sorted = Float64Array.from(kept).sort();
  return aca.outliers.strategy === 'remove'
    ? withoutOutliers(sorted, aca.outliers.outlierFactor)
    : sorted;
}

export function sampleValue(metric: Metric, sample: Sample): number {
  switch (sample.kind) {
    case 'value':
      return sample.value;
    case 'ratio':
      return sample.total > 0 ? sample.bad / sample.total : Number.NaN;
    case 'count':
      return sample.exposure > 0 ? sample.events / sample.exposure : Number.NaN;
    case 'histogram':
      return quantileOf(histogramOf(sample), metric.quantile);
  }
}

/**
 * Tukey's fences, never cutting between the 1st and the 99th percentile (Kayenta's reduced
 * sensitivity). Percentiles interpolate linearly (type 7 of Hyndman and Fan 1996). Sorted in and out.
 */
export function withoutOutliers(sorted: Float64Array, factor: number): Float64Array {
  if (sorted.length === 0) return sorted;
  const q1 = percentile(sorted, 0.25);
  const q3 = percentile(sorted, 0.75);
  const reach = factor * (q3 - q1);
  const low = Math.min(percentile(sorted, 0.01), q1 - reach);
  const high = Math.max(percentile(sorted, 0.99), q3 + reach);
  return sorted.filter((value) => value >= low && value <= high);
}

/** Linear interpolation between order statistics; `part` from 0 to 1. */
export function percentile(sorted: Float64Array, part: number): number {
  const place = (sorted.length - 1) * part;
  const below = Math.floor(place);
  const lower = sorted[below] ?? Number.NaN;
  const upper = sorted[Math.min(sorted.length - 1, below + 1)] ?? Number.NaN;
  return lower + (upper - lower) * (place - below);
}
