import { checkRoleSources } from '#app/check-role-sources.ts';
import { recordSettings } from '#app/record-settings.ts';
import { wakeAll } from '#app/rollout/reconcile.ts';
import { type Configuration, type LoadedSettings, watchSettings } from '#config.ts';
import { showPath } from '#core/settings/problem.ts';
import type { Core } from './core.ts';

/**
 * Keeps the settings in force true to their file: records which they are, says which sources of
 * roles grant nothing, and applies a sound change while the process runs.
 */
export async function keepSettings(
  core: Core,
  configuration: Configuration,
): Promise<{ close(): void }> {
  const { log } = core.world;

  async function enter(loaded: LoadedSettings): Promise<void> {
    const { world } = core;
    if (world.halted() === null) {
      await world.store.transact((tx) => recordSettings(tx, loaded));
    }
    for (const { path, expected } of await checkRoleSources(loaded.settings, world.directory)) {
      log.warn('A source of a role grants nothing', { at: showPath(path), expected });
    }
  }

  await enter(configuration);
  return watchSettings(configuration, {
    onChange(loaded) {
      core
        .apply(loaded)
        // Whoever waits for approvals of a plan that no longer fits hears of it now.
        .then(() => wakeAll(core.world))
        .then(() => enter(loaded))
        .catch((error: unknown) => log.error('The new settings could not be applied', { error }));
    },
    onProblems(report) {
      log.error('The settings file cannot be used; nothing changed', { report });
    },
  });
}
