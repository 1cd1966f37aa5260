import type { Chart } from '#core/message.ts';
import { dayName } from '#core/when.ts';

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
  const distinct = [...new Set(times)].sort((a, b) => a - b);
  const first = distinct[0] ?? 0;
  const span = Math.max(1, (distinct.at(-1) ?? 0) - first);
  // Days cannot be put together: the newest stretches say more than a worst one of several.
  const exact = distinct.length <= labelsMax || chart.days !== undefined;
  const moments = exact
    ? distinct.slice(-labelsMax)
    : Array.from({ length: labelsMax }, (_, index) => first + (span * index) / labelsMax);
  const bucketOf = (at: number): number =>
    exact
      ? moments.indexOf(at)
      : Math.min(labelsMax - 1, Math.floor(((at - first) / span) * labelsMax));
  const labels = distinctLabels(moments.map((at) => labelOf(at, chart)));
  const series = filled.map(({ name, points }) => {
    const worst = new Map<number, number>();
    for (const { at, value } of points) {
      if (!Number.isFinite(value)) continue;
      const bucket = bucketOf(at);
      if (bucket < 0) continue;
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

function labelOf(at: number, { days }: Chart): string {
  if (days !== undefined) return dayName(at, days.zone);
  return Temporal.Instant.fromEpochMilliseconds(Math.round(at))
    .toString({ smallestUnit: 'second' })
    .slice(11, 19);
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
