import { objectivesOf } from '#app/rollout/read-budgets.ts';
import type { World } from '#app/world.ts';
import type { Instant } from '#core/ids.ts';
import type { RolloutEvent } from '#core/rollout/events.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { Transaction } from '#ports/store.ts';
import { changeWatch } from './watch-stream.ts';

/** Objectives are asked this often while a release is watched. */
const lookMs = 30_000;
/** How long a release is watched where the settings have no alerts but its gates name objectives. */
const usualSeconds = 1800;

/**
 * Begins to watch a release that has just got all of the traffic of production, where anything can
 * watch it. Part of the transaction in which it succeeded.
 */
export async function openWindow(
  tx: Transaction,
  world: Pick<World, 'settings'>,
  state: RolloutState,
  events: readonly RolloutEvent[],
): Promise<void> {
  if (!events.some(({ kind }) => kind === 'rollout.succeeded')) return;
  if (state.intent !== 'deploy' || state.plan?.production !== true) return;
  const { alerts } = world.settings().settings;
  const objectives = objectivesOf(state);
  const seconds = alerts?.window ?? (objectives.length > 0 ? usualSeconds : 0);
  if (seconds === 0) return;
  const until = tx.now + seconds * 1000;
  await changeWatch(tx, state, () => [{ kind: 'window.opened', until }], {
    wakeAt: () => nextLook(tx.now, until, objectives.length > 0),
  });
}

/** When a watched release is looked at again. */
export function nextLook(now: Instant, until: Instant, measured: boolean): Instant {
  return measured ? Math.min(until, now + lookMs) : until;
}
