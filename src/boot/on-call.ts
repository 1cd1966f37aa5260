import { createOnCall } from '#adapters/on-call/index.ts';
import type { World } from '#app/world.ts';
import type { Environment } from '#core/settings/environment.ts';
import type { OnCall } from '#ports/on-call.ts';

/** Who is on call, by the settings in force; null where they do not say who knows it. */
export function onCallOf(
  world: Pick<World, 'settings' | 'directory' | 'log'>,
  environment: Pick<Environment, 'SIGNALBOX_ON_CALL_TOKEN'>,
): OnCall | null {
  const { alerts, people } = world.settings().settings;
  if (alerts?.onCall === undefined) return null;
  const token = environment.SIGNALBOX_ON_CALL_TOKEN?.reveal() ?? null;
  const { directory, log } = world;
  return createOnCall({ ...alerts.onCall, token, people, directory, log });
}
