import { changePlace, readPlace } from '#app/change-place.ts';
import { defineCommand } from '#app/command.ts';
import { duration, environment, flag, reason, service } from '#app/command-field.ts';
import { namePlace } from '#app/name-place.ts';
import { requireReason } from '#app/require-reason.ts';
import { tellPerson } from '#app/tell-person.ts';
import { noticeView } from '#core/cards/notice-view.ts';
import { placeId } from '#core/ids.ts';
import { lockInForce, takeLock } from '#core/place/decide.ts';
import { ok } from '#core/result.ts';

/** Keeps others from releasing to a place. */
export const lock = defineCommand({
  name: 'lock',
  summary: 'Keeps others from releasing a service to an environment.',
  permission: 'lock',
  fields: {
    service: service('Which service.'),
    environment: environment('Where.', { introducedBy: 'in' }),
    for: duration('How long; until it is unlocked unless told.', {
      introducedBy: 'for',
    }).optional(),
    reason: reason(undefined, { rest: true }).optional(),
    steal: flag('Take the lock over from whoever holds it; they are told.'),
  },
  examples: [
    'lock api production because moving the database',
    'lock api staging for 2h load test',
  ],
  scopeOf: (input, { settings }) => namePlace(settings, input.service, input.environment),
  async run(context, input, place) {
    const { actor, world, authority } = context;
    const why = requireReason(input.reason, 'A lock');
    if (!why.ok) return why;
    if (input.steal) {
      const may = await authority.authorise(actor, 'unlock-others', place, true);
      if (!may.ok) return may;
    }
    const name = placeId(place.service, place.environment);
    const taken = await context.transact(async (tx) => {
      const before = await readPlace(tx, place.service, place.environment);
      const held = lockInForce(before, tx.now);
      const until = input.for === undefined ? null : tx.now + input.for * 1000;
      const wish = { by: actor, reason: why.value, until, rollout: null, steal: input.steal };
      const after = await changePlace(tx, place.service, place.environment, takeLock(wish), actor);
      if (!after.ok) return after;
      if (held !== null && held.by.person !== actor.person) {
        const said = `${actor.displayName} took over your lock on ${name}: ${why.value}`;
        const view = noticeView({ tone: 'warning', title: 'Lock taken over', said });
        await tellPerson(tx, world, { id: `lost:${name}:${held.since}`, to: held.by, view });
      }
      return ok(after.value.lock);
    });
    if (!taken.ok) return taken;
    const until = taken.value?.until ?? null;
    return ok({
      visibility: 'channel',
      data: taken.value,
      view: noticeView({
        tone: 'waiting',
        title: `Locked: ${name}`,
        said: `${actor.displayName} locked ${name}: ${why.value}`,
        more: [
          until === null
            ? ['It holds until somebody unlocks it.']
            : ['It holds until ', { kind: 'time', at: until, as: 'date' }, '.'],
        ],
      }),
    });
  },
});
