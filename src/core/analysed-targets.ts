import type { Step } from './step.ts';

/** The targets that a look of an analysis takes in. */
export function analysedTargets(step: Extract<Step, { kind: 'analyse' }>): readonly string[] {
  return [step.target, ...(step.others ?? [])];
}
