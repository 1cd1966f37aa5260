import { signalbox } from '#core/people.ts';
import { expireLock } from '#core/place/decide.ts';
import { changePlace } from './change-place.ts';
import type { Rollouts } from './rollouts.ts';
import { tellWhenFree } from './tell-watchers.ts';
import type { World } from './world.ts';

/** Places that are looked at in one round. */
const atOnce = 100;

/**
 * Looks after places: closes locks whose time has run out, so that the record says when they ended,
 * and tells those who wait as soon as a place is free. Runs every few seconds; safe beside others.
 * Returns how many places were due.
 */
export async function tendPlaces(world: World, rollouts: Rollouts): Promise<number> {
  const due = await world.store.transact((tx) =>
    tx.streams({ kind: 'place', dueBy: tx.now, limit: atOnce }),
  );
  for (const { row } of due) {
    const { service, environment } = row;
    if (service === null || environment === null) continue;
    await world.store.transact(async (tx) => {
      await changePlace(tx, service, environment, expireLock(), signalbox);
      await tellWhenFree(tx, world, rollouts, service, environment);
    });
  }
  return due.length;
}
