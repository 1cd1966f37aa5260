import { formatDuration } from '#core/duration.ts';
import { formatChange } from '#core/quantity.ts';
import type { Comparison } from './comparison.ts';
import { floorEffect } from './harm.ts';
import type { Metric } from './metric.ts';
import type { MetricVerdict } from './verdict.ts';
import { chanceWords, countWords, differenceWords, valueWords } from './wording.ts';

/** What is said of a metric of which nothing could be compared: one plain sentence. */
export function explainNothing(verdict: MetricVerdict['verdict'], because: string): string {
  switch (verdict) {
    case 'unusable':
      return `Nothing was compared: ${because}.`;
    case 'too_few_data':
      return `Too few data to say anything: ${because}.`;
    default:
      return `Not judged: ${because}.`;
  }
}

/** What a verdict rests on. */
interface Ground {
  readonly comparison: Comparison;
  /** Set when only what came after this counts, epoch milliseconds. */
  readonly since: number | null;
  readonly window: { readonly to: number };
  /** Stages of the release that count. */
  readonly stages: number;
}

/** What a comparison shows, in one plain sentence that stands without the metric's name. */
export function explain(
  metric: Metric,
  ground: Ground,
  facts: Pick<MetricVerdict, 'verdict' | 'because' | 'low' | 'high' | 'relative' | 'detectable'>,
  evidence: number,
): string {
  const { comparison, since, window, stages } = ground;
  const all = stages === 1 ? '' : `over ${stages} stages: `;
  const recently =
    since === null ? all : `in the last ${formatDuration((window.to - since) / 1000)}: `;
  const sides = `${recently}${sideWords(metric, comparison.candidate)} on the candidate against ${sideWords(metric, comparison.stable)} on stable`;
  const change = differenceWords(metric, comparison.estimate);
  const relative = facts.relative === null ? '' : `, ${formatChange(facts.relative)}`;
  switch (facts.verdict) {
    case 'worse':
    case 'better': {
      const rises = comparison.estimate > 0;
      const least = rises ? facts.low : facts.high;
      // A test may be sure of a harm whose interval still reaches nought: then its end says nothing.
      const tells = least !== null && (rises ? least > 0 : least < 0);
      const bound = tells ? `, surely ${differenceWords(metric, least)} or more` : '';
      const chance = `by chance ${chanceWords(evidence)} over all looks`;
      return `${sides}: ${change}${relative}${bound}; ${chance}.`;
    }
    case 'unclear':
      return `${sides}: ${change}${relative}, which looks worse, and too little was seen to be sure.`;
    case 'same':
      return `${sides}: ${sameWords(metric, comparison, facts)}.`;
    default:
      return `${sides}: too few data to say anything (${facts.because ?? 'no reason given'}).`;
  }
}

function sameWords(
  metric: Metric,
  comparison: Comparison,
  facts: Pick<MetricVerdict, 'low' | 'high' | 'detectable'>,
): string {
  const floor = floorEffect(metric, comparison);
  const harmless =
    (metric.bad === 'down' || (facts.high !== null && facts.high <= floor)) &&
    (metric.bad === 'up' || (facts.low !== null && facts.low >= -floor));
  if (harmless && floor > 0) {
    return `any harm is smaller than the ${differenceWords(metric, floor)} that would matter`;
  }
  if (facts.detectable === null) return 'no harm seen, but there is too little to see it with';
  return `no harm seen; this much data can only show ${formatChange(facts.detectable)} or more`;
}

function sideWords(
  metric: Metric,
  side: {
    readonly points: number;
    readonly requests: number | null;
    readonly value: number | null;
  },
): string {
  const value = side.value === null ? 'nothing' : valueWords(metric, side.value);
  if (side.requests === null) return `${value} (${countWords(side.points)} points)`;
  const of = metric.type === 'count' ? 'units' : 'requests';
  return `${value} (${countWords(side.requests)} ${of})`;
}
