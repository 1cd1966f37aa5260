import type { JudgeInput } from '#core/analysis/judge.ts';
import type { Work } from './next.ts';
import type { RolloutState } from './state.ts';

/**
 * What the candidate serves at a target while it is looked at: its share of the traffic of all
 * targets, taken as even, and what the steps before this one have spent of the error budget.
 */
export function exposureOf(
  state: RolloutState,
  work: Extract<Work, { kind: 'look' }>,
  target: string,
): NonNullable<JudgeInput['exposure']> {
  const targets = Math.max(1, state.plan?.targets.length ?? 1);
  const before = state.looks.findLast(({ step }) => step !== work.step);
  return {
    weight: (state.weights[target] ?? 0) / 100 / targets,
    spentBefore: before?.judgement.spent ?? 0,
  };
}
