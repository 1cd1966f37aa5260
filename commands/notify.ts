import { changePlace, readPlace } from '#app/change-place.ts';
import { defineCommand } from '#app/command.ts';
import { environment, service } from '#app/command-field.ts';
import { namePlace } from '#app/name-place.ts';
import { noticeView } from '#core/cards/notice-view.ts';
import { placeId } from '#core/ids.ts';
import { addWatcher, lockInForce } from '#core/place/decide.ts';
import { ok } from '#core/result.ts';

/** Tells somebody when a place is free. */
export const notify = defineCommand({
  name: 'notify',
  summary: 'Tells you when an environment is free again.',
  permission: 'view',
  fields: {
    service: service('Which service.'),
    environment: environment('Where.', { introducedBy: 'in' }).optional(),
  },
  examples: ['notify api production'],
  scopeOf: (input, { settings }) => namePlace(settings, input.service, input.environment),
  async run(context, _input, { service: of, environment: where }) {
    const { actor, rollouts } = context;
    const asked = await context.transact(async (tx) => {
      const lock = lockInForce(await readPlace(tx, of, where), tx.now);
      const active = await rollouts.active(tx, of, where);
      if (lock === null && active === null) return ok(null);
      const watching = await changePlace(tx, of, where, addWatcher(actor), actor);
      if (!watching.ok) return watching;
      return ok(
        active === null
          ? `${lock?.by.displayName ?? 'Somebody'} holds the lock`
          : `${active.id} is at work`,
      );
    });
    if (!asked.ok) return asked;
    const free = asked.value === null;
    const name = placeId(of, where);
    return ok({
      data: { free },
      view: noticeView({
        tone: free ? 'success' : 'waiting',
        title: name,
        said: free ? `${name} is free now.` : `You will be told when ${name} is free.`,
        more: asked.value === null ? [] : [[`${asked.value}.`]],
      }),
    });
  },
});
