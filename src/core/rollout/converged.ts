import type { Artifact } from '#core/release.ts';
import { sameArtifact } from '#core/same-artifact.ts';
import type { TargetChange, TargetProblem, TargetSide, TargetStatus } from '#core/target-state.ts';

/** How far the world is from the state that was asked for. */
export type Convergence =
  | { readonly kind: 'done'; readonly note: string }
  | { readonly kind: 'pending'; readonly note: string }
  | { readonly kind: 'failed'; readonly note: string };

/** Problems that waiting does not mend. */
const fatal: readonly TargetProblem['code'][] = [
  'crash_loop',
  'missing_reference',
  'job_failed',
  'deadline',
  'quota',
];

/** Compares a target's status with the change that a rollout of `artifact` asked of it. */
export function convergence(
  change: TargetChange,
  status: TargetStatus,
  artifact: Artifact,
): Convergence {
  const problem = status.problems.find(({ code }) => fatal.includes(code));
  if (problem !== undefined && change.kind !== 'retire' && change.kind !== 'restore') {
    return { kind: 'failed', note: `${problem.code.replaceAll('_', ' ')}: ${problem.text}` };
  }
  switch (change.kind) {
    case 'prepare':
      return prepared(change, status);
    case 'shift':
      return weightReached(change.weight, status);
    case 'promote':
      return promoted(status, artifact);
    case 'replace':
      return sideReady(
        'stable',
        status.stable,
        sameArtifact(status.stable?.artifact ?? null, change.artifact),
      );
    case 'restore':
      return sideReady('stable', status.stable, true);
    case 'retire':
      return status.candidate === null
        ? { kind: 'done', note: 'only stable runs' }
        : { kind: 'pending', note: 'removing what is not stable' };
    case 'run':
      return jobState(change.job, status);
  }
}

/** Where a target can run a fresh baseline, it must be ready too; elsewhere stable stands for it. */
function prepared(
  change: Extract<TargetChange, { kind: 'prepare' }>,
  status: TargetStatus,
): Convergence {
  const right = sameArtifact(status.candidate?.artifact ?? null, change.artifact);
  const candidate = sideReady('candidate', status.candidate, right);
  if (candidate.kind !== 'done' || change.baseline !== true) return candidate;
  if (status.baseline === undefined) return candidate;
  const baseline = sideReady('the fresh baseline', status.baseline, true);
  return { ...baseline, note: `${candidate.note}, fresh baseline: ${baseline.note}` };
}

function sideReady(name: string, side: TargetSide | null, right: boolean): Convergence {
  if (side === null || !right) return { kind: 'pending', note: `${name} is not there yet` };
  const note = `${side.ready} of ${side.wanted} ready`;
  return { kind: side.ready >= side.wanted && side.wanted > 0 ? 'done' : 'pending', note };
}

function weightReached(weight: number, status: TargetStatus): Convergence {
  if (status.weight !== weight) return { kind: 'pending', note: `${status.weight} % in force` };
  if (status.weightProof === 'pending')
    return { kind: 'pending', note: `${weight} % not yet seen` };
  const achieved = status.achieved === undefined ? '' : ` (${status.achieved} % of the copies)`;
  return { kind: 'done', note: `${weight} % ${status.weightProof}${achieved}` };
}

function promoted(status: TargetStatus, artifact: Artifact): Convergence {
  const swapped = sameArtifact(status.stable?.artifact ?? null, artifact);
  if (!swapped || (status.candidate !== null && status.weight > 0)) {
    return { kind: 'pending', note: 'the candidate is becoming stable' };
  }
  return sideReady('stable', status.stable, true);
}

function jobState(job: string, status: TargetStatus): Convergence {
  const state = status.jobs[job];
  if (state === 'succeeded') return { kind: 'done', note: `${job} succeeded` };
  if (state === 'failed') return { kind: 'failed', note: `${job} failed` };
  return { kind: 'pending', note: `${job} runs` };
}
