import { z } from 'zod';
import { canonicalJson } from './canonical.ts';
import { Artifact } from './release.ts';
import type { Stamp, TargetChange } from './target-state.ts';

/** Who wrote last. */
const LastStamp = z.strictObject({
  rollout: z.string(),
  planHash: z.string(),
  step: z.number().int(),
  fence: z.number().int(),
}) satisfies z.ZodType<Stamp>;

/** What a target should run, for targets that keep this themselves. One is written per change. */
export const DesiredState = z.strictObject({
  stable: Artifact.nullable(),
  candidate: z
    .strictObject({
      artifact: Artifact,
      capacityPercent: z.number().int().min(1).max(100),
      /** A fresh copy of stable runs beside it, and goes with it. */
      baseline: z.literal(true).optional(),
    })
    .nullable(),
  /** Percent of the traffic for the candidate; 0 without one. */
  weight: z.number().int().min(0).max(100),
  /** Jobs that the present rollout asked for, by name, with what they run. */
  jobs: z.record(z.string(), Artifact),
  stamp: LastStamp.nullable(),
  /** The newest change was a promotion: only then can a second one be a repetition. */
  promoted: z.boolean(),
  /** Rollouts after which another one wrote, oldest first: they may not write again. */
  overtaken: z.array(z.string()),
});
export type DesiredState = z.infer<typeof DesiredState>;

/** `keep`: the change was made before, and nothing is to be written. */
export type TargetDecision =
  | { readonly kind: 'keep' }
  | { readonly kind: 'write'; readonly desired: DesiredState }
  | { readonly kind: 'fenced'; readonly because: string }
  | { readonly kind: 'rejected'; readonly because: string };

const rememberedRollouts = 50;

/** What a target should run before any release: `artifact`, or nothing. */
export function firstState(artifact: Artifact | null): DesiredState {
  return {
    stable: artifact,
    candidate: null,
    weight: 0,
    jobs: {},
    stamp: null,
    promoted: false,
    overtaken: [],
  };
}

/**
 * The state after a change. Rollouts at one place follow each other: once another rollout has
 * written, an earlier one is fenced off; within a rollout, a lower fence is.
 */
export function decideDesired(
  present: DesiredState,
  change: TargetChange,
  stamp: Stamp,
): TargetDecision {
  const former = present.stamp;
  const same = former?.rollout === stamp.rollout;
  if (present.overtaken.includes(stamp.rollout) || (same && stamp.fence < former.fence)) {
    const because = `${stamp.rollout} wrote with fence ${stamp.fence}, after a newer writer.`;
    return { kind: 'fenced', because };
  }
  const repeated =
    same && former.planHash === stamp.planHash && former.step === stamp.step && present.promoted;
  const next = changed(present, change, repeated);
  if (next === null) {
    return { kind: 'rejected', because: `There is no candidate to ${change.kind}.` };
  }
  const overtaken =
    former === null || same
      ? present.overtaken
      : [...present.overtaken, former.rollout].slice(-rememberedRollouts);
  const started = change.kind === 'run' ? { [change.job]: change.artifact } : {};
  const desired: DesiredState = {
    ...next,
    jobs: same ? { ...present.jobs, ...started } : started,
    stamp,
    promoted: change.kind === 'promote',
    overtaken,
  };
  return canonicalJson(desired) === canonicalJson(present)
    ? { kind: 'keep' }
    : { kind: 'write', desired };
}

function changed(
  present: DesiredState,
  change: TargetChange,
  repeated: boolean,
): DesiredState | null {
  switch (change.kind) {
    case 'prepare': {
      const { artifact, capacityPercent } = change;
      const beside = change.baseline === true ? { baseline: true as const } : {};
      return { ...present, candidate: { artifact, capacityPercent, ...beside }, weight: 0 };
    }
    case 'shift':
      if (present.candidate === null && change.weight > 0) return null;
      return { ...present, weight: change.weight };
    case 'promote':
      return repeated ? present : promoted(present);
    case 'retire':
      return { ...present, candidate: null, weight: 0 };
    case 'replace':
      return replaced(present, change.artifact);
    case 'restore':
    case 'run':
      return present;
  }
}

function promoted(present: DesiredState): DesiredState | null {
  if (present.candidate === null) return null;
  const wayBack = present.stable;
  return {
    ...present,
    stable: present.candidate.artifact,
    candidate: wayBack === null ? null : { artifact: wayBack, capacityPercent: 100 },
    weight: 0,
  };
}

function replaced(present: DesiredState, artifact: Artifact): DesiredState {
  const joins = present.candidate?.artifact.digest === artifact.digest;
  return joins
    ? { ...present, stable: artifact, candidate: null, weight: 0 }
    : { ...present, stable: artifact };
}
