import type { Metric } from './metric.ts';
import type { EventInterval } from './rate-comparison.ts';
import type { Sample } from './reading.ts';

type Pair = { readonly stable: Sample; readonly candidate: Sample };

/** Requests slower than one bound, out of all, per interval: the tail share. */
export function histogramIntervals(
  _metric: Metric,
  pairs: readonly Pair[],
): { readonly intervals: readonly EventInterval[]; readonly test: string } {
  const bound = tailBound(pairs);
  const intervals: EventInterval[] = [];
  for (const { stable, candidate } of pairs) {
    if (stable.kind !== 'histogram' || candidate.kind !== 'histogram') continue;
    const left = tail(stable, bound);
    const right = tail(candidate, bound);
    if (left.exposure > 0 && right.exposure > 0) intervals.push({ stable: left, candidate: right });
  }
  return { intervals, test: 'sequential test of the tail share' };
}

function tail(
  sample: Extract<Sample, { kind: 'histogram' }>,
  bound: number,
): { readonly events: number; readonly exposure: number } {
  let events = 0;
  let exposure = 0;
  sample.counts.forEach((count, i) => {
    const upper = sample.upper[i] ?? Number.POSITIVE_INFINITY;
    exposure += count;
    if (upper > bound) events += count;
  });
  return { events, exposure };
}

/** The bucket bound whose pooled tail share is nearest to 5 %. */
function tailBound(pairs: readonly Pair[]): number {
  const byBound = new Map<number, number>();
  let all = 0;
  for (const pair of pairs) {
    for (const sample of [pair.stable, pair.candidate]) {
      if (sample.kind !== 'histogram') continue;
      sample.counts.forEach((count, i) => {
        const upper = sample.upper[i] ?? Number.POSITIVE_INFINITY;
        byBound.set(upper, (byBound.get(upper) ?? 0) + count);
        all += count;
      });
    }
  }
  let best = Number.POSITIVE_INFINITY;
  let nearest = Number.POSITIVE_INFINITY;
  let below = 0;
  for (const upper of [...byBound.keys()].sort((a, b) => a - b)) {
    below += byBound.get(upper) ?? 0;
    const share = Math.max((all - below) / Math.max(all, 1), 1e-6);
    const distance = Math.abs(Math.log(share / 0.05));
    if (distance < nearest) {
      nearest = distance;
      best = upper;
    }
  }
  return best;
}
