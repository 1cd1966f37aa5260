import type { Tone } from '#core/message.ts';
import type { MetricVerdict } from './verdict.ts';

/** What a metric came to, in a word or two, and how that feels. */
export interface VerdictWord {
  readonly word: string;
  readonly tone: Tone;
}

const words: Readonly<Record<MetricVerdict['verdict'], VerdictWord>> = {
  better: { word: 'better', tone: 'success' },
  same: { word: 'no worse', tone: 'success' },
  unclear: { word: 'not clear', tone: 'warning' },
  worse: { word: 'worse', tone: 'danger' },
  too_few_data: { word: 'too few data', tone: 'neutral' },
  unusable: { word: 'unusable', tone: 'warning' },
  not_evaluated: { word: 'not judged', tone: 'neutral' },
};

/**
 * "No worse" is said only where the interval ends before the floor; where harm that matters could
 * still hide in it, none was seen and that is all.
 */
export function wordOfVerdict(metric: MetricVerdict): VerdictWord {
  if (metric.limitCrossed) return { word: 'over limit', tone: 'danger' };
  if (metric.verdict === 'same' && !isSure(metric)) {
    return { word: 'no harm seen', tone: 'neutral' };
  }
  return words[metric.verdict];
}

function isSure({ detail, low, high }: MetricVerdict): boolean {
  if (detail === undefined) return true;
  const { bad, floor } = detail;
  const above = high !== null && high <= floor.effect;
  const below = low !== null && low >= -floor.effect;
  if (bad === 'either') return above && below;
  return bad === 'up' ? above : below;
}
