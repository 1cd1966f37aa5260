import { quantileOf } from '#core/analysis/histogram.ts';
import type { Reading, Sample } from '#core/analysis/reading.ts';
import type { Answered, Series } from './api.ts';
import { type BucketCounts, bucketCounts } from './buckets.ts';

/** Samples and what class they are; `because` says why they are not `ok`, or what was left out. */
export interface Sampled {
  readonly class: Reading['class'];
  readonly samples: readonly Sample[];
  readonly because: string | null;
}

/** A gauge, with the intervals left out in which `traffic` (where asked) saw nothing. */
export function valueSamples(value: Answered, traffic: Answered | null): Sampled {
  const series = onlySeries(value, 'the value');
  if ('class' in series) return series;
  const requests = traffic === null ? null : onlySeries(traffic, 'traffic');
  if (requests !== null && 'class' in requests) return requests;
  const busy = requests === null ? null : pointsOf(requests);
  const seen = series.points.filter(({ at }) => busy === null || (busy.get(at) ?? 0) > 0);
  if (seen.length === 0) return silent();
  const samples = seen
    .filter((point) => Number.isFinite(point.value))
    .map((point) => ({ kind: 'value' as const, ...point }));
  return finite(samples, seen.length);
}

/**
 * Bad out of all. Where requests were counted and nothing bad was, that is none bad: a series of
 * errors begins with the first error.
 */
export function ratioSamples(bad: Answered, total: Answered): Sampled {
  const all = onlySeries(total, 'the total');
  if ('class' in all) return all;
  const some = perhapsSeries(bad, 'the bad ones');
  if (some !== null && 'class' in some) return some;
  const badAt = some === null ? new Map<number, number>() : pointsOf(some);
  const samples: Sample[] = [];
  for (const { at, value } of all.points) {
    const count = badAt.get(at) ?? 0;
    if (!isCount(value) || !isCount(count)) continue;
    samples.push({ kind: 'ratio', at, bad: Math.min(count, value), total: value });
  }
  if (samples.length > 0 && all.points.every(({ value }) => value === 0)) return silent();
  return finite(samples, all.points.length);
}

/** Events over an exposure; without one, over the seconds of the interval. */
export function countSamples(
  events: Answered,
  exposure: Answered | null,
  stepSeconds: number,
): Sampled {
  const counted = perhapsSeries(events, 'events');
  if (counted !== null && 'class' in counted) return counted;
  if (exposure === null) {
    if (counted === null) return absent('events');
    const samples = counted.points
      .filter(({ value }) => isCount(value))
      .map(({ at, value }) => ({
        kind: 'count' as const,
        at,
        events: value,
        exposure: stepSeconds,
      }));
    return finite(samples, counted.points.length);
  }
  const over = onlySeries(exposure, 'exposure');
  if ('class' in over) return over;
  const eventsAt = counted === null ? new Map<number, number>() : pointsOf(counted);
  const samples: Sample[] = [];
  for (const { at, value } of over.points) {
    const number = eventsAt.get(at) ?? 0;
    if (!isCount(value) || !isCount(number)) continue;
    samples.push({ kind: 'count', at, events: number, exposure: value });
  }
  if (samples.length > 0 && over.points.every(({ value }) => value === 0)) return silent();
  return finite(samples, over.points.length);
}

/** Latency by bucket, classic or native; bounds are multiplied by `scale`. */
export function histogramSamples(buckets: Answered, scale: number): Sampled {
  const read = readBuckets(buckets);
  if ('class' in read) return read;
  const samples = read.map(({ at, upper, counts }) => ({
    kind: 'histogram' as const,
    at,
    upper: upper.map((bound) => (Number.isFinite(bound) ? tidy(bound * scale) : null)),
    counts: [...counts],
  }));
  if (samples.every(({ counts }) => counts.every((count) => count === 0))) return silent();
  return { class: 'ok', samples, because: null };
}

/** A quantile of each interval that had requests. */
export function quantileSamples(buckets: Answered, scale: number, quantile: number): Sampled {
  const read = readBuckets(buckets);
  if ('class' in read) return read;
  const samples = read.flatMap(({ at, upper, counts }) => {
    const value = quantileOf({ upper, counts }, quantile) * scale;
    return Number.isFinite(value) ? [{ kind: 'value' as const, at, value: tidy(value) }] : [];
  });
  return samples.length === 0 ? silent() : { class: 'ok', samples, because: null };
}

function readBuckets(answered: Answered): readonly BucketCounts[] | Sampled {
  const groups = Map.groupBy(answered.series, ({ labels }) => labelsText(withoutBound(labels)));
  if (groups.size === 0) return absent('buckets');
  if (groups.size > 1) return ambiguous('buckets', [...groups.keys()]);
  const read = bucketCounts(answered.series);
  if (read.length > 0) return read;
  return {
    class: 'not_finite',
    samples: [],
    because: 'No interval has buckets that can be read: is there a label le?',
  };
}

function withoutBound({ le: _, ...labels }: Series['labels']): Series['labels'] {
  return labels;
}

function perhapsSeries(answered: Answered, what: string): Series | Sampled | null {
  const [first, second] = answered.series;
  if (first === undefined) return null;
  if (second === undefined) return first;
  return ambiguous(
    what,
    answered.series.map(({ labels }) => labelsText(labels)),
  );
}

function onlySeries(answered: Answered, what: string): Series | Sampled {
  return perhapsSeries(answered, what) ?? absent(what);
}

function absent(what: string): Sampled {
  return { class: 'no_series', samples: [], because: `There is no series for ${what}.` };
}

function ambiguous(what: string, all: readonly string[]): Sampled {
  const shown = all.slice(0, 3).join(', ');
  const more = all.length > 3 ? ', …' : '';
  const because = `${all.length} series came for ${what}, and one is compared: ${shown}${more}.`;
  return { class: 'ambiguous_series', samples: [], because };
}

function silent(): Sampled {
  return { class: 'no_traffic', samples: [], because: 'There were no requests.' };
}

/** `ok` when anything is left of so many intervals. */
function finite(samples: readonly Sample[], of: number): Sampled {
  const lost = of - samples.length;
  const because = lost === 0 ? null : `${lost} of ${of} intervals gave no number.`;
  return { class: samples.length === 0 ? 'not_finite' : 'ok', samples, because };
}

function pointsOf(series: Series): ReadonlyMap<number, number> {
  return new Map(series.points.map(({ at, value }) => [at, value]));
}

function isCount(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

function labelsText(labels: Series['labels']): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${value.slice(0, 60)}"`);
  return `{${parts.slice(0, 8).join(', ')}}`;
}

/** Without the dust of multiplication. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
