import type { Chart } from '#core/message.ts';

/** Series over the same labels, one finite value each. */
export interface PlainLine {
  readonly labels: readonly string[];
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
}

const labelsMax = 20;

/**
 * Puts the points of all series into at most 20 shared stretches of time. A stretch takes the worst
 * (largest) value, so that a spike is never averaged away; an empty one repeats the value before.
 * Null when no series has a point.
 */
export function plainLine(chart: Chart): PlainLine | null {
  const filled = chart.series.filter(({ points }) =>
    points.some(({ value }) => Number.isFinite(value)),
  );
  const times = filled.flatMap(({ points }) => points.map(({ at }) => at));
  if (times.length === 0) return null;
  const distinct = new Set(times).size;
  const count = Math.min(labelsMax, distinct);
  const first = Math.min(...times);
  const span = Math.max(1, Math.max(...times) - first);
  const bucketOf = (at: number): number =>
    Math.min(count - 1, Math.floor(((at - first) / span) * count));
  const labels = distinctLabels(
    Array.from({ length: count }, (_, index) =>
      Temporal.Instant.fromEpochMilliseconds(Math.round(first + (span * index) / count))
        .toString({ smallestUnit: 'second' })
        .slice(11, 19),
    ),
  );
  const series = filled.map(({ name, points }) => {
    const worst = new Map<number, number>();
    for (const { at, value } of points) {
      if (!Number.isFinite(value)) continue;
      const bucket = bucketOf(at);
      worst.set(bucket, Math.max(worst.get(bucket) ?? Number.NEGATIVE_INFINITY, value));
    }
    let last = worst.values().next().value ?? 0;
    const values = labels.map((_, index) => {
      last = worst.get(index) ?? last;
      return last;
    });
    return { name, values };
  });
  return { labels, series };
}

/** Labels must differ from each other: points closer than a second get a number. */
function distinctLabels(labels: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return labels.map((label) => {
    const count = (seen.get(label) ?? 0) + 1;
    seen.set(label, count);
    return count === 1 ? label : `${label}+${count - 1}`;
  });
}
