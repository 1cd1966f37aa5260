import type { Series } from './api.ts';

/** Counts between neighbouring bounds at one time, by rising upper bound; the last is infinite. */
export interface BucketCounts {
  readonly at: number;
  readonly upper: readonly number[];
  readonly counts: readonly number[];
}

/** Reads classic buckets (a series per `le`, cumulative) or native ones, by rising time. */
export function bucketCounts(series: readonly Series[]): readonly BucketCounts[] {
  const native = series.flatMap(({ histograms }) => histograms.map(nativeCounts));
  return native.length > 0 ? native : classicCounts(series);
}

function classicCounts(series: readonly Series[]): readonly BucketCounts[] {
  const cumulative = new Map<number, { readonly bound: number; readonly below: number }[]>();
  for (const { labels, points } of series) {
    const bound = boundOf(labels['le']);
    if (Number.isNaN(bound)) continue;
    for (const { at, value } of points) {
      if (!Number.isFinite(value)) continue;
      const there = cumulative.get(at) ?? [];
      there.push({ bound, below: value });
      cumulative.set(at, there);
    }
  }
  return [...cumulative.entries()]
    .sort(([a], [b]) => a - b)
    .map(([at, buckets]) => differences(at, buckets));
}

/** What lies between the bounds. Below a lower bound there cannot be more than below a higher one. */
function differences(
  at: number,
  cumulative: readonly { readonly bound: number; readonly below: number }[],
): BucketCounts {
  const sorted = cumulative.toSorted((a, b) => a.bound - b.bound);
  let before = 0;
  const counts = sorted.map(({ below }) => {
    const count = Math.max(0, below - before);
    before = Math.max(before, below);
    return count;
  });
  return closed({ at, upper: sorted.map(({ bound }) => bound), counts });
}

function nativeCounts({ at, buckets }: Series['histograms'][number]): BucketCounts {
  const sorted = buckets.toSorted((a, b) => a.upper - b.upper);
  return closed({
    at,
    upper: sorted.map(({ upper }) => upper),
    counts: sorted.map(({ count }) => (Number.isFinite(count) ? count : 0)),
  });
}

function closed({ at, upper, counts }: BucketCounts): BucketCounts {
  if (upper.at(-1) === Number.POSITIVE_INFINITY) return { at, upper, counts };
  return { at, upper: [...upper, Number.POSITIVE_INFINITY], counts: [...counts, 0] };
}

function boundOf(le: string | undefined): number {
  if (le === undefined || le === '') return Number.NaN;
  return le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le);
}
