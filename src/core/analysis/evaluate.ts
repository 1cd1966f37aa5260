import { align } from './align.ts';
import type { Comparison } from './comparison.ts';
import type { JudgeInput } from './judge.ts';
import { type LateComparison, lateComparisons } from './late-comparison.ts';
import type { Metric } from './metric.ts';
import type { Reading } from './reading.ts';
import { type Series, seriesOf } from './series.ts';
import { pricesOf, type Stages, stageAt } from './stages.ts';

/** What can be said of one metric before verdicts: the data may be unfit, too few, or compared. */
export type Evaluation =
  | { readonly kind: 'unusable'; readonly class: Reading['class']; readonly because: string }
  | { readonly kind: 'too_few'; readonly because: string; readonly compared: Compared | null }
  | { readonly kind: 'compared'; readonly compared: Compared };

export interface Compared {
  readonly comparison: Comparison;
  /** What counting from the beginning costs in evidence. */
  readonly price: number;
  /** Stages of the release that it is of. */
  readonly stages: number;
  /** The stage at work by itself, where stages before it count too. */
  readonly stage: LateComparison | null;
  /** The same from later starts, for harm that began while it was watched; mostly none. */
  readonly late: readonly LateComparison[];
  /** First and last interval, epoch milliseconds. */
  readonly window: { readonly from: number; readonly to: number };
  readonly leftOut: readonly string[];
}

/** Runs the test that fits the data. Data that is not `ok` never gets to one. */
export function evaluate(
  metric: Metric,
  reading: { readonly stable: Reading; readonly candidate: Reading },
  input: Pick<JudgeInput, 'analysis' | 'began' | 'stages' | 'learnt'>,
): Evaluation {
  const unfit =
    unfitness('the candidate', reading.candidate) ?? unfitness('stable', reading.stable);
  if (unfit !== null) return unfit;
  const { pairs, alone } = align(
    reading.stable.samples,
    reading.candidate.samples,
    input.began ?? { stable: 0, candidate: 0 },
  );
  // What both sides suffer at once cancels out only where they served at the same time.
  const learnt =
    input.began === undefined
      ? (input.learnt?.find((one) => one.metric === metric.name) ?? null)
      : null;
  const step = input.analysis.step ?? input.analysis.every;
  const series = seriesOf(metric, pairs, step, input.stages, learnt);
  const because = `no interval was seen on both sides`;
  if (series === null) return { kind: 'too_few', because, compared: null };
  const comparison = series.compare(0, series.length);
  const stage = stageAtWork(series, input.stages);
  if (stage === 'not_seen') {
    const unseen = 'no interval of this stage was seen on both sides';
    return { kind: 'unusable', class: 'no_traffic', because: unseen };
  }
  const { minimum } = input.analysis;
  const lack = shortage(metric, comparison, minimum);
  const least = Math.log(1 / input.analysis.alpha);
  const compared = {
    comparison,
    price: pricesOf(input.stages).whole,
    stages: input.stages?.began.length ?? 1,
    stage: stage && (enough(metric, [stage], minimum)[0] ?? null),
    late:
      lack !== null ? [] : enough(metric, lateComparisons(series, least, input.stages), minimum),
    window: { from: series.at(0), to: series.at(series.length - 1) },
    leftOut: leftOut(alone, series),
  };
  return lack === null
    ? { kind: 'compared', compared }
    : { kind: 'too_few', because: lack, compared };
}

/** The stage at work alone; null where it is the first, and so the whole. */
function stageAtWork(
  series: Series,
  stages: Stages | undefined,
): LateComparison | 'not_seen' | null {
  if (stages === undefined || stages.began.length === 1) return null;
  let from = series.length;
  while (from > 0 && stageAt(stages, series.at(from - 1)) === stages.began.length - 1) from--;
  if (from === series.length) return 'not_seen';
  if (from === 0) return null;
  const comparison = series.compare(from, series.length);
  return { comparison, since: series.at(from), price: pricesOf(stages).stage };
}

function leftOut(
  alone: { readonly stable: number; readonly candidate: number },
  { dropped, overlapping }: Series,
): readonly string[] {
  return [
    ...(alone.stable > 0 ? [`${alone.stable} intervals seen on stable only`] : []),
    ...(alone.candidate > 0 ? [`${alone.candidate} intervals seen on the candidate only`] : []),
    ...(dropped > 0 ? [`${dropped} intervals without traffic or numbers`] : []),
    ...(overlapping > 0 ? [`${overlapping} values that share data with one that is used`] : []),
  ];
}

/** Late starts need as much data as the whole before they say anything. */
function enough(
  metric: Metric,
  late: readonly LateComparison[],
  minimum: JudgeInput['analysis']['minimum'],
): readonly LateComparison[] {
  return late.filter(({ comparison }) => shortage(metric, comparison, minimum) === null);
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
