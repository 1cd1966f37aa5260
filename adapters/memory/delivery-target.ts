import { decideDesired } from '#core/desired-state.ts';
import { Fault, type FaultCode } from '#core/fault.ts';
import type { Instant } from '#core/ids.ts';
import type { Artifact } from '#core/release.ts';
import type { Clock } from '#ports/clock.ts';
import type {
  DeliveryTarget,
  Stamp,
  TargetChange,
  TargetProblem,
  TargetRef,
  TargetSide,
  TargetStatus,
} from '#ports/delivery-target.ts';
import { createTargetCell, running, sideOf, type TargetCell, want } from './target-cell.ts';

interface MemoryTargetOptions {
  readonly clock: Clock;
  /** Time from a change to the moment it is in force. */
  readonly convergeMs?: number;
  /** Copies of stable at full capacity. */
  readonly copies?: number;
  /** What runs before the first release. */
  readonly initial?: (ref: TargetRef) => Artifact | null;
}

/** The world behind the target: what a test does to it, and what was done to it. */
interface MemoryTargetWorld {
  /** The next `times` calls fail so. */
  fail(code: FaultCode, times?: number): void;
  /** Ends every failure, and the breaking of artifacts and jobs. */
  heal(): void;
  /** Somebody deleted the place and made it anew. */
  changeIdentity(ref: TargetRef): void;
  /** Copies of these bits are not ready any more, nor ever will be, and say so. */
  breakArtifact(digest: string, problem: TargetProblem): void;
  breakJob(job: string): void;
  drift(ref: TargetRef, text: string | null): void;
  /** How long changes take from now on. */
  converge(ms: number): void;
  /** Changes that were written, in order: repetitions are not among them. */
  effects(ref: TargetRef): readonly { readonly change: TargetChange; readonly stamp: Stamp }[];
}

/** A target that exists only here and moves by the given clock alone. */
export function createMemoryTarget(options: MemoryTargetOptions): {
  readonly target: DeliveryTarget;
  readonly world: MemoryTargetWorld;
} {
  const { clock, copies = 2, initial = () => null } = options;
  const cells = new Map<string, TargetCell>();
  const broken = new Map<string, TargetProblem>();
  const brokenJobs = new Set<string>();
  let convergeMs = options.convergeMs ?? 0;
  let failure: { readonly code: FaultCode; left: number } | null = null;

  function cellOf(ref: TargetRef): TargetCell {
    const key = `${ref.target}/${ref.service}/${ref.environment}`;
    const cell = cells.get(key) ?? createTargetCell(initial(ref), clock.now());
    cells.set(key, cell);
    return cell;
  }

  function failIfTold(): void {
    if (failure === null || failure.left === 0) return;
    failure.left -= 1;
    const retryable = failure.code === 'target.unavailable';
    throw new Fault(failure.code, 'The memory target was told to fail.', { retryable });
  }

  function side(cell: TargetCell, artifact: Artifact, wanted: number): TargetSide {
    const seen = sideOf(cell, artifact, wanted, clock.now());
    return broken.has(artifact.digest) ? { ...seen, ready: 0 } : seen;
  }

  function weightOf(cell: TargetCell): number {
    const { candidate, weight } = cell.desired;
    if (candidate === null || side(cell, candidate.artifact, 1).ready === 0) return 0;
    return cell.weightAt <= clock.now() ? weight : cell.formerWeight;
  }

  function jobState(job: string, at: Instant): 'running' | 'succeeded' | 'failed' {
    if (at > clock.now()) return 'running';
    return brokenJobs.has(job) ? 'failed' : 'succeeded';
  }

  function statusOf(ref: TargetRef, cell: TargetCell): TargetStatus {
    const { stable, candidate, stamp, weight } = cell.desired;
    const capacity = Math.max(candidate?.capacityPercent ?? 0, weight);
    const inForce = weightOf(cell);
    return {
      identity: identityOf(ref, cell),
      stable: stable === null ? null : side(cell, stable, copies),
      candidate:
        candidate === null
          ? null
          : side(cell, candidate.artifact, Math.ceil((copies * capacity) / 100)),
      baseline:
        candidate?.baseline !== true || stable === null
          ? null
          : side(cell, stable, Math.ceil((copies * capacity) / 100)),
      weight: inForce,
      weightProof: inForce === weight ? 'measured' : 'pending',
      stamp,
      problems: running(cell.desired).flatMap(({ digest }) => broken.get(digest) ?? []),
      jobs: Object.fromEntries(
        [...cell.jobsDoneAt].map(([job, at]) => [job, jobState(job, at)] as const),
      ),
      drift: cell.drift,
    };
  }

  return {
    target: {
      async inspect(ref) {
        failIfTold();
        return statusOf(ref, cellOf(ref));
      },
      async change(ref, change, stamp, identity) {
        failIfTold();
        const cell = cellOf(ref);
        if (identity !== identityOf(ref, cell)) {
          const text = 'The memory target is not the planned one.';
          throw new Fault('target.identity_changed', text, { retryable: false });
        }
        const decision = decideDesired(cell.desired, change, stamp);
        if (decision.kind === 'keep') return;
        if (decision.kind !== 'write') {
          const code = decision.kind === 'fenced' ? 'store.fenced' : 'target.rejected';
          throw new Fault(code, decision.because, { retryable: false });
        }
        want(cell, decision.desired, clock.now() + convergeMs, weightOf(cell));
        cell.effects.push({ change, stamp });
      },
    },
    world: {
      fail(code, times = Number.POSITIVE_INFINITY) {
        failure = { code, left: times };
      },
      heal() {
        failure = null;
        broken.clear();
        brokenJobs.clear();
      },
      changeIdentity(ref) {
        cellOf(ref).generation += 1;
      },
      breakArtifact(digest, problem) {
        broken.set(digest, problem);
      },
      breakJob(job) {
        brokenJobs.add(job);
      },
      drift(ref, text) {
        cellOf(ref).drift = text;
      },
      converge(ms) {
        convergeMs = ms;
      },
      effects: (ref) => cellOf(ref).effects,
    },
  };
}

function identityOf(ref: TargetRef, cell: TargetCell): string {
  return `memory/${ref.target}/${ref.service}/${ref.environment}#${cell.generation}`;
}
