import { noticeView } from '#core/cards/notice-view.ts';
import { placeId } from '#core/ids.ts';
import { signalbox } from '#core/people.ts';
import { lockInForce, tellWatchers } from '#core/place/decide.ts';
import type { Transaction } from '#ports/store.ts';
import { changePlace, placeStream, readPlace } from './change-place.ts';
import type { Rollouts } from './rollouts.ts';
import { tellPerson } from './tell-person.ts';
import type { World } from './world.ts';

/**
 * Tells those who asked that a place is free, if it is: no lock and nothing under way. Part of the
 * transaction that freed it: an unlock, the end of a rollout, a lock whose time ran out.
 */
export async function tellWhenFree(
  tx: Transaction,
  world: World,
  rollouts: Pick<Rollouts, 'active'>,
  service: string,
  environment: string,
): Promise<void> {
  const place = await readPlace(tx, service, environment);
  if (place.watchers.length === 0 || lockInForce(place, tx.now) !== null) return;
  if ((await rollouts.active(tx, service, environment)) !== null) return;
  const record = await tx.stream(placeStream(service, environment));
  const said = `${service} in ${environment} is free.`;
  const view = noticeView({
    tone: 'success',
    title: placeId(service, environment),
    said,
    more: [['You asked to be told.']],
  });
  for (const to of place.watchers) {
    const id = `free:${placeId(service, environment)}:${record?.version ?? 0}:${to.person}`;
    await tellPerson(tx, world, { id, to, view });
  }
  await changePlace(tx, service, environment, tellWatchers(), signalbox);
}
