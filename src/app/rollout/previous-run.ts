import { lastLooks } from '#app/judge/stored-looks.ts';
import { pastRollouts } from '#app/past-rollouts.ts';
import type { World } from '#app/world.ts';
import type { Reading } from '#core/analysis/reading.ts';
import { lookByTarget, type StoredLook } from '#core/analysis/stored.ts';
import type { Instant } from '#core/ids.ts';
import type { RolloutState } from '#core/rollout/state.ts';

/** What the release before showed in the same step, for the baseline `previous`. */
export interface PreviousRun {
  /** When that step began. */
  readonly began: Instant;
  /** By metric: what was its candidate then. */
  readonly readings: ReadonlyMap<string, Reading>;
}

/** The last look of each step of the last release of the place that succeeded; none where there was none. */
export async function looksBefore(
  world: Pick<World, 'store'>,
  state: Pick<RolloutState, 'id' | 'service' | 'environment'>,
  counts: (before: RolloutState) => boolean = () => true,
): Promise<readonly StoredLook[]> {
  const { service, environment } = state;
  const past = await world.store.transact((tx) =>
    pastRollouts(tx, { service, environment, ended: true, limit: lookedThrough }),
  );
  const before = past.find(
    (one) =>
      one.id !== state.id && one.phase === 'succeeded' && one.intent === 'deploy' && counts(one),
  );
  return before === undefined ? [] : lastLooks(world.store, before.id);
}

/** Releases that are looked through for one that succeeded. */
const lookedThrough = 20;

/**
 * The samples of the last release of the place that succeeded, in the same step at the same target; null
 * when there is none, or it was not analysed there.
 */
export async function previousRun(
  world: Pick<World, 'store'>,
  state: Pick<RolloutState, 'id' | 'service' | 'environment'>,
  step: number,
  stepSeconds: number,
  target: string,
): Promise<PreviousRun | null> {
  const looks = await looksBefore(world, state);
  const last = looks
    .flatMap(lookByTarget)
    .findLast((look) => look.step === step && (look.target ?? target) === target);
  if (last === undefined) return null;
  const readings = new Map(last.readings.map(({ metric, candidate }) => [metric, candidate]));
  const firsts = [...readings.values()].flatMap(({ samples }) => samples[0]?.at ?? []);
  if (firsts.length === 0) return null;
  return { began: Math.min(...firsts) - stepSeconds * 1000, readings };
}
