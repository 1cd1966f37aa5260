import type { TargetProblem, TargetSide, TargetStatus } from '#ports/delivery-target.ts';
import type { CellRecord } from './cell-record.ts';
import type { Router } from './router.ts';
import type { Supervisor } from './supervisor.ts';

/** What runs at a cell now, as the port has it. */
export function statusOf(
  identity: string,
  record: CellRecord,
  supervisor: Pick<Supervisor, 'capacity' | 'problems'>,
  router: Pick<Router, 'weight' | 'proof'>,
): TargetStatus {
  const { desired } = record;
  const weight = router.weight();
  return {
    identity,
    stable: side(desired.stable, supervisor.capacity('stable')),
    candidate: side(desired.candidate?.artifact ?? null, supervisor.capacity('candidate')),
    baseline: side(
      desired.candidate?.baseline === true ? desired.stable : null,
      supervisor.capacity('baseline'),
    ),
    weight,
    weightProof: weight === desired.weight ? router.proof() : 'pending',
    stamp: desired.stamp,
    problems: [...supervisor.problems(), ...failedJobs(record)],
    jobs: Object.fromEntries(
      Object.keys(desired.jobs).map((job) => [job, record.jobs[job]?.state ?? 'running'] as const),
    ),
    drift: null,
  };
}

function side(
  artifact: TargetSide['artifact'] | null,
  capacity: { readonly wanted: number; readonly ready: number } | null,
): TargetSide | null {
  return artifact === null || capacity === null ? null : { artifact, ...capacity };
}

function failedJobs(record: CellRecord): readonly TargetProblem[] {
  return Object.entries(record.jobs)
    .filter(([, { state }]) => state === 'failed')
    .map(([job, { text }]) => ({ code: 'job_failed', text: `${job}: ${text}`.slice(0, 500) }));
}
