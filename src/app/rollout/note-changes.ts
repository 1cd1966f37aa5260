import { readChanges } from '#app/changes/read-changes.ts';
import type { World } from '#app/world.ts';
import { Fault } from '#core/fault.ts';
import type { Plan } from '#core/plan.ts';
import type { RolloutEvent } from '#core/rollout/events.ts';
import type { RolloutState } from '#core/rollout/state.ts';

/**
 * What the planned release brings, for whoever decides about it: recorded with the plan, so that
 * the history says what they were shown. Null when there is nothing to compare, or when it was
 * recorded before. A Git host that is away holds nothing up.
 */
export async function noteChanges(
  world: World,
  state: RolloutState,
  { artifact, previous }: Plan,
): Promise<Extract<RolloutEvent, { kind: 'changes.noted' }> | null> {
  if (previous === null || state.changes !== undefined) return null;
  const service = world.settings().settings.services[state.service];
  if (service === undefined) return null;
  try {
    const list = await readChanges(world, service, previous, artifact);
    return list === null ? null : { kind: 'changes.noted', list, because: '' };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    world.log.warn('The changes of a release could not be read', {
      rollout: state.id,
      code: error.code,
    });
    return { kind: 'changes.noted', list: null, because: error.message };
  }
}
