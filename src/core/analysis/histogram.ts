import type { Sample } from './reading.ts';

type HistogramSample = Extract<Sample, { kind: 'histogram' }>;

/** Counts per bucket, by rising upper bound; the last bound is infinite. */
export interface Histogram {
  readonly upper: readonly number[];
  readonly counts: readonly number[];
}

/**
 * A sample with its open bound written as infinity. Bounds that are the same as `like`'s are shared
 * with it, which makes long series cheap.
 */
export function histogramOf(sample: HistogramSample, like?: Histogram): Histogram {
  const { upper, counts } = sample;
  if (like !== undefined && sharesBounds(upper, like.upper)) return { upper: like.upper, counts };
  return { upper: upper.map((bound) => bound ?? Number.POSITIVE_INFINITY), counts };
}

function sharesBounds(upper: HistogramSample['upper'], like: readonly number[]): boolean {
  if (upper.length !== like.length) return false;
  for (let i = 0; i < like.length; i++) {
    if ((upper[i] ?? Number.POSITIVE_INFINITY) !== like[i]) return false;
  }
  return true;
}

/** The sum of histograms; bounds that differ, as those of native histograms may, are united. */
export function sumHistograms(all: readonly Histogram[]): Histogram {
  let upper = all[0]?.upper ?? [];
  let counts: number[] = upper.map(() => 0);
  for (const one of all) {
    if (!sameBounds(one.upper, upper)) {
      const united = [...new Set([...upper, ...one.upper])].sort((a, b) => a - b);
      counts = placed({ upper, counts }, united);
      upper = united;
    }
    const added = sameBounds(one.upper, upper) ? one.counts : placed(one, upper);
    for (let i = 0; i < counts.length; i++) counts[i] = (counts[i] ?? 0) + (added[i] ?? 0);
  }
  return { upper, counts };
}

function sameBounds(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Counts under finer bounds: each stays at the upper end of its bucket, where it is known to fit. */
function placed(histogram: Histogram, upper: readonly number[]): number[] {
  const counts = upper.map(() => 0);
  histogram.upper.forEach((bound, i) => {
    const at = upper.indexOf(bound);
    counts[at] = (counts[at] ?? 0) + (histogram.counts[i] ?? 0);
  });
  return counts;
}

/** All counts. */
export function countOf(histogram: Histogram): number {
  let sum = 0;
  for (const count of histogram.counts) sum += count;
  return sum;
}

/**
 * Counts above a value that is a bound of most histograms: where it stands is looked up once for all
 * that share their bounds.
 */
export function countsAbove(value: number): (histogram: Histogram) => number {
  let known: Histogram['upper'] = [];
  let at = -1;
  return (histogram) => {
    const { upper, counts } = histogram;
    if (upper !== known) {
      known = upper;
      at = upper.indexOf(value);
    }
    if (at < 0) return countAbove(histogram, value);
    let above = 0;
    for (let i = at + 1; i < counts.length; i++) above += counts[i] ?? 0;
    return above;
  };
}

/** Counts above a value; the bucket that holds it is taken as evenly filled. */
export function countAbove(histogram: Histogram, value: number): number {
  let above = 0;
  let lower = 0;
  for (let i = 0; i < histogram.upper.length; i++) {
    const upper = histogram.upper[i] ?? 0;
    const count = histogram.counts[i] ?? 0;
    if (lower >= value) above += count;
    else if (upper > value) {
      above +=
        upper === Number.POSITIVE_INFINITY ? count : (count * (upper - value)) / (upper - lower);
    }
    lower = upper;
  }
  return above;
}

/**
 * The value that a share `q` of the counts does not exceed, read linearly within its bucket as
 * Prometheus does; the lower bound of the open bucket when it falls there. NaN without counts.
 */
export function quantileOf(histogram: Histogram, q: number): number {
  const wanted = countOf(histogram) * q;
  if (!(wanted > 0)) return Number.NaN;
  let below = 0;
  let lower = 0;
  for (let i = 0; i < histogram.upper.length; i++) {
    const upper = histogram.upper[i] ?? 0;
    const count = histogram.counts[i] ?? 0;
    if (below + count >= wanted && count > 0) {
      if (upper === Number.POSITIVE_INFINITY) return lower;
      const from = i === 0 && upper <= 0 ? upper : lower;
      return from + ((upper - from) * (wanted - below)) / count;
    }
    below += count;
    lower = upper;
  }
  return lower;
}
