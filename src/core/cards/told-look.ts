import { nextStep } from '#core/analysis/explain-view.ts';
import { type ExplainedMetric, explainMetric } from '#core/analysis/explained-metric.ts';
import { worstFirst } from '#core/analysis/worst-first.ts';
import type { Instant } from '#core/ids.ts';
import type { RolloutState } from '#core/rollout/state.ts';

/** A look in words and as intervals against their floors, for a table and a picture. */
export interface ToldLook {
  readonly at: Instant;
  readonly look: number;
  readonly summary: string;
  /** What happens if nobody does anything. */
  readonly next: string;
  /** The worst first. */
  readonly metrics: readonly ExplainedMetric[];
}

/** The last look of a rollout, told; null before the first. */
export function toldLook({ looks }: Pick<RolloutState, 'looks'>): ToldLook | null {
  const last = looks.at(-1);
  if (last === undefined) return null;
  const { judgement, at } = last;
  return {
    at,
    look: judgement.look,
    summary: judgement.summary,
    next: nextStep(judgement.action),
    metrics: worstFirst(judgement.metrics).map(explainMetric),
  };
}
