import type { Step } from './step.ts';

/**
 * The steps of a rollback to a release that ran before: full capacity first, then all traffic at
 * once. No analysis and no waiting; readiness and the measured weight are still required.
 */
export function fastWayBack(
  waves: readonly (readonly string[])[],
  deadlineSeconds: number,
): readonly Step[] {
  return waves.flatMap((targets, wave) =>
    targets.flatMap((target): readonly Step[] => [
      { kind: 'prepare', wave, target, capacityPercent: 100, deadlineSeconds },
      { kind: 'shift', wave, target, weight: 100, deadlineSeconds },
      { kind: 'promote', wave, target, deadlineSeconds },
      { kind: 'retire', wave, target, deadlineSeconds },
    ]),
  );
}
