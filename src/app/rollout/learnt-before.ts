import type { World } from '#app/world.ts';
import { learnFrom } from '#core/analysis/learn-from.ts';
import type { Learnt } from '#core/analysis/learnt.ts';
import type { Analysis } from '#core/analysis/metric.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { Store } from '#ports/store.ts';
import { looksBefore } from './previous-run.ts';

/** Releases at work at a time whose answer is kept. */
const most = 50;

const answers = new WeakMap<Store, Map<string, Promise<readonly Learnt[]>>>();

/**
 * What the releases before this one showed of how events come. Read once for a release: the one
 * before has ended, and what was known before that one was kept with its looks.
 */
export function learntBefore(
  world: Pick<World, 'store'>,
  state: Pick<RolloutState, 'id' | 'service' | 'environment'>,
  name: string,
  analysis: Analysis,
): Promise<readonly Learnt[]> {
  const kept = answers.get(world.store) ?? new Map<string, Promise<readonly Learnt[]>>();
  answers.set(world.store, kept);
  const key = `${state.id} ${name}`;
  const found =
    kept.get(key) ??
    looksBefore(world, state, ({ looks }) => looks.length > 0).then((looks) =>
      learnFrom(looks, analysis),
    );
  kept.set(key, found);
  found.catch(() => kept.delete(key));
  const [oldest] = kept.keys();
  if (kept.size > most && oldest !== undefined) kept.delete(oldest);
  return found;
}
