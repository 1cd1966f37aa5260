import { align } from './align.ts';
import type { Comparison } from './comparison.ts';
import type { EventInterval } from './event-interval.ts';
import { compareHistograms, histogramPairs } from './histogram-comparison.ts';
import type { JudgeInput } from './judge.ts';
import type { Metric } from './metric.ts';
import { compareRanks, type ValuePair } from './rank-comparison.ts';
import { compareRates, compareShares } from './rate-comparison.ts';
import type { Reading, Sample } from './reading.ts';

/** What can be said of one metric before verdicts: the data may be unfit, too few, or compared. */
export type Evaluation =
  | { readonly kind: 'unusable'; readonly class: Reading['class']; readonly because: string }
  | { readonly kind: 'too_few'; readonly because: string; readonly compared: Compared | null }
  | { readonly kind: 'compared'; readonly compared: Compared };

export interface Compared {
  readonly comparison: Comparison;
  /** First and last interval, epoch milliseconds. */
  readonly window: { readonly from: number; readonly to: number };
  readonly leftOut: readonly string[];
}

type Pair = { readonly stable: Sample; readonly candidate: Sample };

/** Runs the test that fits the data. Data that is not `ok` never gets to one. */
export function evaluate(
  metric: Metric,
  reading: { readonly stable: Reading; readonly candidate: Reading },
  input: Pick<JudgeInput, 'analysis' | 'began'>,
): Evaluation {
  const unfit =
    unfitness('the candidate', reading.candidate) ?? unfitness('stable', reading.stable);
  if (unfit !== null) return unfit;
  const { pairs, alone } = align(
    reading.stable.samples,
    reading.candidate.samples,
    input.began ?? { stable: 0, candidate: 0 },
  );
  const found = compare(metric, pairs, input.analysis.step ?? input.analysis.every);
  const because = `no interval was seen on both sides`;
  if (found === null) return { kind: 'too_few', because, compared: null };
  const compared = {
    comparison: found.comparison,
    window: windowOf(pairs),
    leftOut: [
      ...(alone.stable > 0 ? [`${alone.stable} intervals seen on stable only`] : []),
      ...(alone.candidate > 0 ? [`${alone.candidate} intervals seen on the candidate only`] : []),
      ...(found.dropped > 0 ? [`${found.dropped} intervals without traffic or numbers`] : []),
    ],
  };
  const lack = shortage(metric, found.comparison, input.analysis.minimum);
  return lack === null
    ? { kind: 'compared', compared }
    : { kind: 'too_few', because: lack, compared };
}

function unfitness(side: string, reading: Reading): Evaluation | null {
  const note = reading.notes[0];
  const because = `${classWords[reading.class]} on ${side}${note === undefined ? '' : ` (${note})`}`;
  if (reading.class === 'ok') return null;
  if (reading.class === 'too_few') return { kind: 'too_few', because, compared: null };
  return { kind: 'unusable', class: reading.class, because };
}

const classWords = {
  ok: 'data',
  no_traffic: 'no traffic',
  no_series: 'no series',
  not_finite: 'values that are no numbers',
  too_few: 'too few points',
  provider_error: 'no answer from the metrics source',
  ambiguous_series: 'more than one series',
} as const satisfies Record<Reading['class'], string>;

/** The comparison and how many pairs could not be used; null when none could. */
function compare(
  metric: Metric,
  pairs: readonly Pair[],
  stepSeconds: number,
): { readonly comparison: Comparison; readonly dropped: number } | null {
  const kind = pairs[0]?.candidate.kind;
  if (kind === 'histogram') {
    const histograms = histogramPairs(pairs);
    if (histograms.length === 0) return null;
    const comparison = compareHistograms(histograms, metric.quantile);
    return { comparison, dropped: pairs.length - histograms.length };
  }
  if (kind === 'ratio' || kind === 'count') {
    const intervals = eventIntervals(pairs);
    if (intervals.length === 0) return null;
    const comparison =
      kind === 'ratio'
        ? compareShares(intervals, 'sequential exact test')
        : compareRates(intervals, 'sequential Poisson test');
    return { comparison, dropped: pairs.length - intervals.length };
  }
  const values = valuePairs(pairs);
  if (values.length === 0) return null;
  const memory = Math.max(1, metric.memory / stepSeconds);
  return { comparison: compareRanks(values, memory), dropped: pairs.length - values.length };
}

function valuePairs(pairs: readonly Pair[]): readonly ValuePair[] {
  const values: ValuePair[] = [];
  for (const { stable, candidate } of pairs) {
    if (stable.kind !== 'value' || candidate.kind !== 'value') continue;
    if (!Number.isFinite(stable.value) || !Number.isFinite(candidate.value)) continue;
    values.push({ stable: stable.value, candidate: candidate.value });
  }
  return values;
}

function eventIntervals(pairs: readonly Pair[]): readonly EventInterval[] {
  const intervals: EventInterval[] = [];
  for (const pair of pairs) {
    const stable = eventsOf(pair.stable);
    const candidate = eventsOf(pair.candidate);
    if (stable === null || candidate === null) continue;
    if (stable.exposure > 0 && candidate.exposure > 0) intervals.push({ stable, candidate });
  }
  return intervals;
}

function eventsOf(sample: Sample): EventInterval['stable'] | null {
  if (sample.kind === 'ratio') return { events: sample.bad, exposure: sample.total };
  if (sample.kind === 'count') return { events: sample.events, exposure: sample.exposure };
  return null;
}

function windowOf(pairs: readonly Pair[]): Compared['window'] {
  return { from: pairs[0]?.candidate.at ?? 0, to: pairs.at(-1)?.candidate.at ?? 0 };
}

/** What is missing before anything is said; null when nothing is. */
function shortage(
  metric: Metric,
  comparison: Comparison,
  minimum: { readonly points: number; readonly requests: number },
): string | null {
  for (const side of ['stable', 'candidate'] as const) {
    const { points, requests } = comparison[side];
    const where = side === 'stable' ? 'stable' : 'the candidate';
    if (requests === null && points < minimum.points) {
      return `${points} of at least ${minimum.points} points on ${where}`;
    }
    if (requests !== null && metric.type !== 'count' && requests < minimum.requests) {
      return `${Math.floor(requests)} of at least ${minimum.requests} requests on ${where}`;
    }
  }
  return null;
}
