import { type DesiredState, firstState } from '#core/desired-state.ts';
import type { Instant } from '#core/ids.ts';
import type { Artifact } from '#core/release.ts';
import type { Stamp, TargetChange, TargetSide } from '#ports/delivery-target.ts';

/** What the memory target knows of one service at one target. */
export interface TargetCell {
  generation: number;
  desired: DesiredState;
  /** In force before the newest change that moved it. */
  formerWeight: number;
  /** When the newest weight comes into force. */
  weightAt: Instant;
  /** When the copies of each running digest become ready, and when each job ends. */
  readyAt: ReadonlyMap<string, Instant>;
  jobsDoneAt: ReadonlyMap<string, Instant>;
  drift: string | null;
  readonly effects: { readonly change: TargetChange; readonly stamp: Stamp }[];
}

/** A cell that has been running `artifact`, or nothing, for a while. */
export function createTargetCell(artifact: Artifact | null, now: Instant): TargetCell {
  return {
    generation: 1,
    desired: firstState(artifact),
    formerWeight: 0,
    weightAt: now,
    readyAt: new Map(artifact === null ? [] : [[artifact.digest, now]]),
    jobsDoneAt: new Map(),
    drift: null,
    effects: [],
  };
}

/** Wants the new state: what was not wanted before is in force at `due`. */
export function want(cell: TargetCell, desired: DesiredState, due: Instant, weight: number): void {
  const swapped =
    cell.desired.candidate !== null &&
    desired.stable?.digest === cell.desired.candidate.artifact.digest;
  if (swapped || desired.weight !== cell.desired.weight) {
    cell.formerWeight = swapped ? 100 - weight : weight;
    cell.weightAt = due;
  }
  const digests = running(desired).map(({ digest }) => digest);
  cell.readyAt = carried(cell.readyAt, digests, due);
  cell.jobsDoneAt = carried(cell.jobsDoneAt, Object.keys(desired.jobs), due);
  cell.desired = desired;
}

/** What should run, on either side. */
export function running(desired: DesiredState): readonly Artifact[] {
  return [desired.stable, desired.candidate?.artifact].filter((artifact) => artifact != null);
}

/** One side as it is at `now`. */
export function sideOf(
  cell: TargetCell,
  artifact: Artifact,
  wanted: number,
  now: Instant,
): TargetSide {
  const at = cell.readyAt.get(artifact.digest);
  return { artifact, wanted, ready: at !== undefined && at <= now ? wanted : 0 };
}

function carried(
  known: ReadonlyMap<string, Instant>,
  keys: readonly string[],
  due: Instant,
): ReadonlyMap<string, Instant> {
  return new Map(keys.map((key) => [key, known.get(key) ?? due]));
}
