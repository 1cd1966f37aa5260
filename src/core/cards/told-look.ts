import { nextStep } from '#core/analysis/explain-view.ts';
import { type ExplainedMetric, explainMetric } from '#core/analysis/explained-metric.ts';
import { worstFirst } from '#core/analysis/worst-first.ts';
import type { Instant } from '#core/ids.ts';
import { ended, type RolloutState } from '#core/rollout/state.ts';

/** A look in words and as intervals against their floors, for a table and a picture. */
export interface ToldLook {
  readonly at: Instant;
  readonly look: number;
  readonly summary: string;
  /** What happens if nobody does anything; null once that has happened. */
  readonly next: string | null;
  /** The worst first. */
  readonly metrics: readonly ExplainedMetric[];
}

/** The last look of a rollout, told; null before the first. */
export function toldLook(state: RolloutState): ToldLook | null {
  const last = state.looks.at(-1);
  if (last === undefined) return null;
  const { judgement, at } = last;
  return {
    at,
    look: judgement.look,
    summary: judgement.summary,
    next: afterLook(state),
    metrics: worstFirst(judgement.metrics).map(explainMetric),
  };
}

/** What comes of the last look if nobody does anything; null when the release is past that. */
export function afterLook({ looks, phase, step }: RolloutState): string | null {
  const last = looks.at(-1);
  if (last === undefined || ended(phase) || phase === 'aborting') return null;
  const { action } = last.judgement;
  const goesOn = action === 'go_on' || action === 'extend';
  if (goesOn && (last.step !== step || phase === 'paused' || phase === 'stuck')) return null;
  return nextStep(action);
}
