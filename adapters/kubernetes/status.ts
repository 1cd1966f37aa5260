import type { TargetProblem, TargetSide, TargetStatus } from '#ports/delivery-target.ts';
import { jobName } from './bodies.ts';
import { closedBy, driftOf, hasForeignImage } from './drift.ts';
import { isTrue, type Job } from './objects.ts';
import type { Place, SeenSplit } from './place.ts';
import { deploymentProblems, jobProblems, podProblems, type SeenProblem } from './problems.ts';
import type { Recorded } from './recorded.ts';
import { readyWith, servingPods, takesBaseline, wantedCopies } from './sides.ts';
import { weightNow } from './weight.ts';

/** What runs at a place now, as the port has it. */
export function statusOf(
  place: Place,
  now: number,
  seen: SeenSplit | null,
  problems: readonly TargetProblem[],
): TargetStatus {
  const { recorded, identity } = place;
  const { weight, proof, share } = weightNow(place, recorded, now, seen);
  const asked = recorded?.desired.weight ?? 0;
  return {
    identity,
    stable: stableSide(place),
    candidate: candidateSide(place),
    ...(takesBaseline(place) ? { baseline: baselineSide(place) } : {}),
    weight,
    weightProof: weight === asked ? proof : 'pending',
    stamp: recorded?.desired.stamp ?? null,
    problems,
    jobs: recorded === null ? {} : jobStates(place, recorded),
    drift: closedBy(place) ?? driftOf(place),
    ...(share === null || share === asked ? {} : { achieved: share }),
  };
}

/** What is wrong with what should run: with the candidate first. */
export function problemsOf(place: Place): readonly SeenProblem[] {
  const { recorded, container, anchor, candidate, stablePods, candidatePods } = place;
  const wanted = recorded?.desired;
  const digests = [wanted?.candidate?.artifact.digest, (wanted?.stable ?? place.live)?.digest];
  const concerned = digests.filter((digest) => digest !== undefined);
  const beside = wanted?.candidate == null ? [] : deploymentProblems(candidate);
  return [
    ...podProblems(wanted?.candidate == null ? [] : candidatePods, concerned, container),
    ...beside,
    ...podProblems(stablePods, concerned, container),
    ...deploymentProblems(anchor),
    ...(recorded === null ? [] : jobProblems(jobsOf(place, recorded))),
  ];
}

/** The Jobs that the present rollout asked for, by the names of the settings. */
function jobsOf(place: Place, recorded: Recorded): readonly (readonly [string, Job])[] {
  return Object.entries(recorded.desired.jobs).flatMap(([name, artifact]) => {
    const wanted = jobName(place, recorded, name, artifact);
    const job = place.jobs.find(({ metadata }) => metadata.name === wanted);
    return job === undefined ? [] : [[name, job] as const];
  });
}

function jobStates(place: Place, recorded: Recorded): TargetStatus['jobs'] {
  const found = new Map(jobsOf(place, recorded));
  return Object.fromEntries(
    Object.keys(recorded.desired.jobs).map((name) => [name, stateOf(found.get(name))] as const),
  );
}

function stateOf(job: Job | undefined): 'running' | 'succeeded' | 'failed' {
  if (job === undefined) return 'running';
  if (isTrue(job.status.conditions, 'Complete')) return 'succeeded';
  return isTrue(job.status.conditions, 'Failed') ? 'failed' : 'running';
}

function stableSide(place: Place): TargetSide | null {
  const { recorded, live, anchor, stablePods, container } = place;
  const written = recorded?.desired.stable ?? live;
  // What somebody else put there is told as it is, not as it was written.
  const artifact = recorded !== null && hasForeignImage(place, recorded) ? live : written;
  if (artifact === null) return null;
  const ready = readyWith(servingPods(stablePods), artifact.digest, container).length;
  const wanted = anchor.spec.replicas;
  return { artifact, wanted, ready: Math.min(ready, wanted) };
}

function baselineSide({ baseline, recorded }: Place): TargetSide | null {
  const artifact = recorded?.desired.stable ?? null;
  if (baseline === null || artifact === null) return null;
  const wanted = baseline.spec.replicas;
  return { artifact, wanted, ready: Math.min(baseline.status.readyReplicas, wanted) };
}

function candidateSide(place: Place): TargetSide | null {
  const { recorded, beside, candidatePods, container } = place;
  const wished = recorded?.desired.candidate ?? null;
  // One that is to go is told until it is gone.
  if (recorded === null || wished === null) {
    return beside === null ? null : { artifact: beside, wanted: 0, ready: 0 };
  }
  const { artifact } = wished;
  const ready = readyWith(candidatePods, artifact.digest, container).length;
  const wanted = wantedCopies(place, recorded, recorded.desired.weight).candidate;
  return { artifact, wanted, ready: Math.min(ready, wanted) };
}
