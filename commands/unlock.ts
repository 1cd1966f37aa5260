import { changePlace, readPlace } from '#app/change-place.ts';
import { defineCommand } from '#app/command.ts';
import { environment, reason, service } from '#app/command-field.ts';
import { namePlace } from '#app/name-place.ts';
import { tellPerson } from '#app/tell-person.ts';
import { tellWhenFree } from '#app/tell-watchers.ts';
import { noticeView } from '#core/cards/notice-view.ts';
import { placeId } from '#core/ids.ts';
import { lockInForce, releaseLock } from '#core/place/decide.ts';
import { ok } from '#core/result.ts';

/** Gives a lock back: one's own, or somebody else's with the right to. */
export const unlock = defineCommand({
  name: 'unlock',
  summary: 'Gives a lock back; somebody else’s needs a right of its own.',
  permission: 'lock',
  fields: {
    service: service('Which service.'),
    environment: environment('Where.', { introducedBy: 'in' }),
    reason: reason(undefined, { rest: true }).optional(),
  },
  examples: ['unlock api production', 'unlock api production because the incident is over'],
  scopeOf: (input, { settings }) => namePlace(settings, input.service, input.environment),
  async run(context, input, place) {
    const { actor, world, authority, rollouts } = context;
    const { service: of, environment: where } = place;
    const others = await authority.authorise(actor, 'unlock-others', place, true);
    const why = input.reason ?? '';
    const name = placeId(of, where);
    const released = await context.transact(async (tx) => {
      const held = lockInForce(await readPlace(tx, of, where), tx.now);
      const wish = { by: actor, reason: why, others: others.ok };
      const after = await changePlace(tx, of, where, releaseLock(wish), actor);
      if (!after.ok) return after;
      if (held !== null && held.by.person !== actor.person) {
        const said = `${actor.displayName} released your lock on ${name}.`;
        const more = why === '' ? [] : [[`Their reason: ${why}`]];
        const view = noticeView({ tone: 'warning', title: 'Lock released', said, more });
        await tellPerson(tx, world, { id: `lost:${name}:${held.since}`, to: held.by, view });
      }
      await tellWhenFree(tx, world, rollouts, of, where);
      return ok(held);
    });
    if (!released.ok) return released;
    const owner = released.value?.by ?? actor;
    const whose = owner.person === actor.person ? '' : `, locked by ${owner.displayName}`;
    return ok({
      visibility: 'channel',
      data: released.value,
      view: noticeView({
        tone: 'success',
        title: `Unlocked: ${name}`,
        said: `${actor.displayName} unlocked ${name}${whose}.`,
        more: why === '' ? [] : [[why]],
      }),
    });
  },
});
