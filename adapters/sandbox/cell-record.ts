import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { DesiredState, decideDesired, firstState } from '#core/desired-state.ts';
import { Fault } from '#core/fault.ts';
import type { Artifact } from '#core/release.ts';
import type { Stamp, TargetChange, TargetRef } from '#ports/delivery-target.ts';
import { Character } from './instance/character.ts';
import type { SideWish } from './plan-instances.ts';
import type { Side } from './side.ts';

const EndedJob = z.strictObject({
  digest: z.string(),
  state: z.enum(['succeeded', 'failed']),
  /** What it said when it failed. */
  text: z.string(),
});

/** What the sandbox remembers of one service at one target: its whole "cluster state". */
export const CellRecord = z.strictObject({
  format: z.literal(1),
  /** Made with the record: another record is another place. */
  uid: z.string(),
  /** Where the proxy listened, so that a page left open finds it again. */
  port: z.number().int().nullable(),
  desired: DesiredState,
  /** What the bits that may run here are like, by digest: the catalogue may forget them. */
  characters: z.record(z.string(), Character),
  /** How jobs of the present rollout ended. */
  jobs: z.record(z.string(), EndedJob),
});
export type CellRecord = z.infer<typeof CellRecord>;

/** Tells what bits are like; undefined when nobody knows. */
export type CharacterOf = (digest: string) => Character | undefined;

/** What a side should run, and how many of it. */
export interface Wish extends SideWish {
  readonly artifact: Artifact;
}
export type Wishes = Readonly<Record<Side, Wish | null>>;

/** A new place, where `initial` runs. @throws Fault `target.rejected` for unknown bits */
export function firstRecord(initial: Artifact | null, characterOf: CharacterOf): CellRecord {
  const desired = firstState(initial);
  const characters = charactersFor(desired, {}, characterOf);
  return { format: 1, uid: randomUUID(), port: null, desired, characters, jobs: {} };
}

/**
 * The record after a change; null when the change was made before.
 * @throws Fault `store.fenced`, `target.rejected`
 */
export function nextRecord(
  record: CellRecord,
  change: TargetChange,
  stamp: Stamp,
  characterOf: CharacterOf,
): CellRecord | null {
  const decision = decideDesired(record.desired, change, stamp);
  switch (decision.kind) {
    case 'keep':
      return null;
    case 'fenced':
      throw new Fault('store.fenced', decision.because, { retryable: false });
    case 'rejected':
      throw new Fault('target.rejected', decision.because, { retryable: false });
    case 'write': {
      const { desired } = decision;
      const characters = charactersFor(desired, record.characters, characterOf);
      const kept = Object.entries(record.jobs).filter(
        ([job, { digest }]) => desired.jobs[job]?.digest === digest,
      );
      return { ...record, desired, characters, jobs: Object.fromEntries(kept) };
    }
  }
}

/** Cluster, namespace and object of a place in one text. */
export function identityOf({ target, service, environment }: TargetRef, uid: string): string {
  return `sandbox/${target}/${service}/${environment}/${uid}`;
}

/** How many of what should run on each side, when stable at full capacity is `instances`. */
export function wishesOf({ stable, candidate, weight }: DesiredState, instances: number): Wishes {
  const percent = Math.max(candidate?.capacityPercent ?? 0, weight);
  const beside = Math.ceil((instances * percent) / 100);
  return {
    stable: wish(stable, instances),
    candidate: wish(candidate?.artifact ?? null, beside),
    baseline: wish(candidate?.baseline === true ? stable : null, beside),
  };
}

/** Whether what was the candidate became stable: then the shares of the sides change places too. */
export function isSwapped(before: DesiredState, after: DesiredState): boolean {
  const candidate = before.candidate?.artifact.digest;
  return candidate !== before.stable?.digest && candidate === after.stable?.digest;
}

function wish(artifact: Artifact | null, wanted: number): Wish | null {
  return artifact === null ? null : { artifact, digest: artifact.digest, wanted };
}

function charactersFor(
  { stable, candidate, jobs }: DesiredState,
  known: CellRecord['characters'],
  characterOf: CharacterOf,
): CellRecord['characters'] {
  const artifacts = [stable, candidate?.artifact, ...Object.values(jobs)];
  const characters: CellRecord['characters'] = {};
  for (const artifact of artifacts) {
    if (artifact == null) continue;
    const { digest, service, version } = artifact;
    const character = characterOf(digest) ?? known[digest];
    if (character === undefined) {
      throw new Fault('target.rejected', `The sandbox has no bits for ${service} ${version}.`, {
        retryable: false,
      });
    }
    characters[digest] = character;
  }
  return characters;
}
