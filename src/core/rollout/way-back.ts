import type { Artifact } from '#core/release.ts';
import { sameArtifact } from '#core/same-artifact.ts';
import type { TargetChange, TargetStatus } from '#core/target-state.ts';
import { convergence } from './converged.ts';
import type { AbortCause } from './events.ts';
import type { RolloutState } from './state.ts';

type Done = 'capacity' | 'weight' | 'removed' | 'replaced';

/** The next thing to do at one target on the way back, seen from what runs there now. */
export type BackStep =
  | {
      readonly kind: 'do';
      readonly change: TargetChange;
      readonly done: Done;
      readonly reached: boolean;
    }
  | { readonly kind: 'complete' }
  | { readonly kind: 'impossible'; readonly because: string };

/** Targets that this rollout touched, the last touched first. */
export function touchedTargets(state: RolloutState): readonly string[] {
  const touched: string[] = [];
  state.plan?.steps.forEach((step, index) => {
    if (!('target' in step) || step.kind === 'analyse') return;
    if (state.steps[index]?.state === 'pending' || touched.includes(step.target)) return;
    touched.push(step.target);
  });
  return touched.reverse();
}

/**
 * Those that go back, in this order. A person takes all back; a failure what the plan says. Before
 * the end of the way back it is the same at every call.
 */
export function targetsBack(state: RolloutState): readonly string[] {
  const touched = touchedTargets(state);
  const { plan, abort } = state;
  if (plan?.onFailure !== 'wave' || abort === null || byHand(abort.cause)) return touched;
  const wave = plan.steps[Math.min(state.step, plan.steps.length - 1)]?.wave;
  // Jobs run at one target for all waves.
  const inWave = plan.steps.flatMap((step) =>
    step.wave === wave && 'target' in step && step.kind !== 'run' ? [step.target] : [],
  );
  return touched.filter((target) => inWave.includes(target));
}

/** Touched targets that keep the new release, in the order of the waves. */
export function targetsKept(state: RolloutState): readonly string[] {
  const back = targetsBack(state);
  return touchedTargets(state)
    .filter((target) => !back.includes(target))
    .reverse();
}

/** What a target ran when the plan was made: targets need not all have run the same. */
export function formerAt(state: RolloutState, target: string): Artifact | null {
  const { plan } = state;
  const planned = plan?.targets.find((one) => one.target === target);
  if (planned === undefined || sameArtifact(planned.stable, state.artifact)) {
    return plan?.previous ?? null;
  }
  return planned.stable;
}

/** The first target on the way back that is not fully back. */
export function nextTargetBack(state: RolloutState): string | null {
  const finished = (target: string): boolean =>
    state.abort?.done.some((step) => step.target === target && step.what === 'removed') ?? false;
  return targetsBack(state).find((target) => !finished(target)) ?? null;
}

/**
 * Capacity first, then weight, then removal. What stable is, is read from the world and not
 * remembered: once promotion began, the former stable may be gone, and then it is put back in place.
 */
export function stepBack(
  status: TargetStatus,
  artifact: Artifact,
  previous: Artifact | null,
): BackStep {
  if (previous === null) return backToNothing(status, artifact);
  if (!sameArtifact(status.stable?.artifact ?? null, previous)) {
    return attempt({ kind: 'replace', artifact: previous }, 'replaced', status, artifact);
  }
  const capacity = attempt({ kind: 'restore' }, 'capacity', status, artifact);
  if (capacity.kind === 'do' && !capacity.reached) return capacity;
  if (status.weight > 0) return attempt({ kind: 'shift', weight: 0 }, 'weight', status, artifact);
  if (status.candidate !== null) return attempt({ kind: 'retire' }, 'removed', status, artifact);
  return { kind: 'complete' };
}

/** A first release has nothing to return to: take its traffic and remove it, if it is not yet stable. */
function backToNothing(status: TargetStatus, artifact: Artifact): BackStep {
  if (sameArtifact(status.stable?.artifact ?? null, artifact)) {
    return { kind: 'impossible', because: 'nothing ran here before this release' };
  }
  if (status.weight > 0) return attempt({ kind: 'shift', weight: 0 }, 'weight', status, artifact);
  if (status.candidate !== null) return attempt({ kind: 'retire' }, 'removed', status, artifact);
  return { kind: 'complete' };
}

function attempt(
  change: TargetChange,
  done: Done,
  status: TargetStatus,
  artifact: Artifact,
): BackStep {
  const problemFree = { ...status, problems: [] };
  return {
    kind: 'do',
    change,
    done,
    reached: convergence(change, problemFree, artifact).kind === 'done',
  };
}

/** Whether somebody wanted it back, rather than something went wrong with it. */
export function byHand({ kind }: AbortCause): boolean {
  return kind === 'person' || kind === 'taken_over';
}
