import type { World } from '#app/world.ts';
import type { Work } from '#core/rollout/next.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { driftAt } from './do-converge.ts';
import type { Outcome } from './outcome.ts';
import { watchDelay } from './pace.ts';

/** Waits; what was released so far is looked at meanwhile, and a change by somebody else pauses. */
export async function doWait(
  world: World,
  state: RolloutState,
  { until, watch }: Extract<Work, { kind: 'wait' }>,
): Promise<Outcome> {
  if (until === null || watch === undefined) return { events: [], wakeAt: until, rest: true };
  const found = await Promise.all(watch.targets.map((target) => driftAt(world, state, target)));
  const moved = found.find((outcome) => outcome !== null);
  if (moved !== undefined) return moved;
  const now = world.clock.now();
  return { events: [], wakeAt: Math.min(until, now + watchDelay(watch.since, now)), rest: true };
}
