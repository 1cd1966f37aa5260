import { analysedTargets } from '#core/analysed-targets.ts';
import { formatDuration } from '#core/duration.ts';
import type { Plan } from '#core/plan.ts';
import type { Step } from '#core/step.ts';

/** The parts of a plan that its steps are named by. */
export type StepSurroundings = Pick<Plan, 'artifact' | 'previous' | 'targets'>;

/** Names a step in a few words; the target only where the plan has several. */
export function stepWords(step: Step, plan: StepSurroundings): string {
  const fresh = plan.artifact.version;
  const where = 'target' in step && plan.targets.length > 1 ? ` on ${step.target}` : '';
  switch (step.kind) {
    case 'prepare':
      return `Start ${fresh}${where}, without traffic`;
    case 'shift':
      return `${step.weight} % of traffic to ${fresh}${where}`;
    case 'bake':
      return `Bake for ${formatDuration(step.seconds)}`;
    case 'analyse': {
      const at = where === '' ? '' : ` on ${analysedTargets(step).join(', ')}`;
      return `Compare ${versus(plan)}${at} for ${formatDuration(step.seconds)}`;
    }
    case 'hold':
      return step.note === '' ? 'Wait for a person' : `Wait for a person: ${step.note}`;
    case 'promote':
      return `Make ${fresh} stable${where}`;
    case 'replace':
      return `Replace ${plan.previous?.version ?? 'what runs'} by ${fresh}${where}`;
    case 'retire':
      return `Remove ${plan.previous?.version ?? 'the former copy'}${where}`;
    case 'run':
      return `Run ${step.job}${where}${step.direction === 'reversible' ? '' : ` (${step.direction})`}`;
  }
}

function versus(plan: StepSurroundings): string {
  const fresh = plan.artifact.version;
  return plan.previous === null ? fresh : `${fresh} with ${plan.previous.version}`;
}
