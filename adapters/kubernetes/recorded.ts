import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '#core/canonical.ts';
import { DesiredState, decideDesired, firstState } from '#core/desired-state.ts';
import { Fault } from '#core/fault.ts';
import type { Artifact } from '#core/release.ts';
import type { Stamp, TargetChange } from '#ports/delivery-target.ts';
import { annotations } from './names.ts';
import type { Deployment, PodTemplate } from './objects.ts';

/** What Signalbox wrote last, kept in one annotation of stable's Deployment: one write, one change. */
export const Recorded = z.strictObject({
  format: z.literal(1),
  desired: DesiredState,
  /** Copies of stable at full capacity, as they were when the rollout began. */
  copies: z.number().int().min(0),
  /** SHA-256 of stable's pod template without the image: a change of it is drift. */
  template: z.string(),
  /** Rollouts that wrote here so far: the high part of the fence. */
  epoch: z.number().int().min(0),
});
export type Recorded = z.infer<typeof Recorded>;

/** Below this many claims of one rollout, fences of different rollouts keep their order. */
const claimsPerRollout = 1_000_000;

/** What is recorded at a Deployment; null before the first change. @throws Fault `target.rejected` */
export function recordedAt(anchor: Deployment): Recorded | null {
  const text = anchor.metadata.annotations[annotations.state];
  if (text === undefined) return null;
  try {
    return Recorded.parse(JSON.parse(text));
  } catch (cause) {
    throw new Fault(
      'target.rejected',
      `The annotation ${annotations.state} of ${anchor.metadata.name} cannot be read. Remove it once nothing is being released there.`,
      { retryable: false, cause },
    );
  }
}

/** The fence as one number that never falls: the order of rollouts, then of claims within one. */
export function fenceOf({ epoch, desired }: Recorded): number {
  return epoch * claimsPerRollout + Math.min(desired.stamp?.fence ?? 0, claimsPerRollout - 1);
}

/** What the annotations of every object that we touch say about the last writer. */
export function marksOf(recorded: Recorded): Readonly<Record<string, string>> {
  const { stamp } = recorded.desired;
  return {
    [annotations.fence]: String(fenceOf(recorded)),
    [annotations.rollout]: stamp?.rollout ?? '',
    [annotations.plan]: stamp?.planHash ?? '',
  };
}

/** SHA-256 of a pod template, images of the released container left out. */
export function templateHash(template: PodTemplate, container: string): string {
  const containers = template.spec.containers.map((one) =>
    one.name === container ? { ...one, image: '' } : one,
  );
  const bare = { ...template, spec: { ...template.spec, containers } };
  return createHash('sha256').update(canonicalJson(bare)).digest('hex').slice(0, 32);
}

/**
 * The record after a change; null when it was made before.
 * @throws Fault `store.fenced`, `target.rejected`, `target.conflict` when what runs is not what was written
 */
export function nextRecorded(
  present: Recorded | null,
  seen: {
    readonly live: Artifact | null;
    readonly copies: number;
    readonly template: string;
    readonly drift: string | null;
  },
  change: TargetChange,
  stamp: Stamp,
): Recorded | null {
  const base = baseOf(present, seen, stamp);
  const decision = decideDesired(base.desired, change, stamp);
  switch (decision.kind) {
    case 'keep':
      return null;
    case 'fenced':
      throw new Fault('store.fenced', decision.because, { retryable: false });
    case 'rejected':
      throw new Fault('target.rejected', decision.because, { retryable: false });
    case 'write': {
      const isNew = base.desired.stamp?.rollout !== stamp.rollout;
      return { ...base, desired: decision.desired, epoch: base.epoch + (isNew ? 1 : 0) };
    }
  }
}

/** A rollout begins with what runs; within one, what runs must be what was written. */
function baseOf(
  present: Recorded | null,
  seen: Parameters<typeof nextRecorded>[1],
  stamp: Stamp,
): Recorded {
  const { live, copies, template, drift } = seen;
  if (present === null) {
    return { format: 1, desired: firstState(live), copies, template, epoch: 0 };
  }
  const { desired } = present;
  if (desired.stamp?.rollout === stamp.rollout || desired.overtaken.includes(stamp.rollout)) {
    if (drift === null) return present;
    throw new Fault('target.conflict', drift, { retryable: false });
  }
  // What another rollout left beside stable stays known until it is replaced or retired.
  if (desired.candidate !== null) return present;
  return { ...present, desired: { ...desired, stable: live }, copies, template };
}
