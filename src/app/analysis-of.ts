import type { Analysis } from '#core/analysis/metric.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { World } from './world.ts';

/** What a rollout's metrics are judged by where it goes, as the settings say now; null when nothing watches. */
export function analysisOf(
  world: Pick<World, 'settings'>,
  state: Pick<RolloutState, 'service' | 'environment'>,
): Analysis | null {
  const { settings, lookup } = world.settings();
  const name = lookup.place(state.service, state.environment)?.analysis ?? null;
  return name === null ? null : (settings.analyses[name] ?? null);
}
