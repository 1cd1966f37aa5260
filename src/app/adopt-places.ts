import { Fault } from '#core/fault.ts';
import { signalbox } from '#core/people.ts';
import { settleRelease } from '#core/place/decide.ts';
import { ok } from '#core/result.ts';
import { changePlace, readPlace } from './change-place.ts';
import type { World } from './world.ts';

/** Stands for a rollout where a release was found running and not made by Signalbox. */
export const foundRunning = 'found-running';

/**
 * Takes note of what already runs in places where Signalbox has released nothing yet, so that the
 * board is true from the first day and the first release has something to go back to.
 * Places that cannot be reached are tried again the next time.
 */
export async function adoptPlaces(world: World): Promise<void> {
  const { settings, lookup } = world.settings();
  for (const service of Object.keys(settings.services)) {
    for (const environment of lookup.path(service)) {
      await adopt(world, service, environment);
    }
  }
}

async function adopt(world: World, service: string, environment: string): Promise<void> {
  const place = world.settings().lookup.place(service, environment);
  const target = place?.waves[0]?.[0];
  if (target === undefined) return;
  const known = await world.store.transact((tx) => readPlace(tx, service, environment));
  if (known.settled.length > 0) return;
  try {
    const { stable } = await world.target(target).inspect({ target, service, environment });
    if (stable === null) return;
    const settle = settleRelease({ artifact: stable.artifact, rollout: foundRunning });
    await world.store.transact((tx) =>
      changePlace(
        tx,
        service,
        environment,
        (state, now) => (state.settled.length > 0 ? ok([]) : settle(state, now)),
        signalbox,
      ),
    );
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    world.log.warn('A place could not be looked at yet', {
      service,
      environment,
      code: error.code,
    });
  }
}
