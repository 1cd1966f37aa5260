import { formatDuration } from '#core/duration.ts';
import type { Plan } from '#core/plan.ts';

/** How soon trouble is expected to show: twice of what is bad, in whichever metric shows it first. */
export function detectionWords(plan: Plan): string {
  if (!plan.steps.some(({ kind }) => kind === 'analyse')) return 'nothing watches it';
  if (plan.detectSeconds !== null) {
    return `trouble shows in about ${formatDuration(plan.detectSeconds)} of watching`;
  }
  return plan.detection === undefined
    ? 'not known: nothing was measured lately'
    : 'at the traffic of now not even twice the harm shows in these steps';
}
