import { setFreeze } from '#app/change-freezes.ts';
import { defineCommand } from '#app/command.ts';
import { duration, environment, flag, reason, service } from '#app/command-field.ts';
import { nameEnvironment, namePlace, nameService } from '#app/name-place.ts';
import { requireReason } from '#app/require-reason.ts';
import { noticeView } from '#core/cards/notice-view.ts';
import { freezeScope, freezeWords } from '#core/freeze-scope.ts';
import { refusal } from '#core/refusal.ts';
import { no, ok } from '#core/result.ts';

/** Keeps anything from starting in a place until it is thawed. Going back stays possible. */
export const freeze = defineCommand({
  name: 'freeze',
  summary: 'Keeps releases from starting; going back stays possible.',
  permission: 'freeze',
  fields: {
    service: service('Only this service.').optional(),
    environment: environment('Only this environment.', { introducedBy: 'in' }).optional(),
    for: duration('How long; until it is thawed unless told.', { introducedBy: 'for' }).optional(),
    reason: reason().optional(),
    all: flag('Freeze every service everywhere.'),
  },
  examples: [
    'freeze production for 2h because of the incident',
    'freeze api in production because the database moves',
    'freeze --all because the network is down',
  ],
  scopeOf(input, { settings }) {
    const { service: of, environment: where } = input;
    const named =
      of !== undefined && where !== undefined
        ? namePlace(settings, of, where)
        : of !== undefined
          ? nameService(settings, of)
          : where !== undefined
            ? nameEnvironment(settings, where)
            : ok(null);
    if (!named.ok) return named;
    if (named.value === null && !input.all) {
      return no(
        refusal(
          'command.syntax',
          'Say what to freeze.',
          'Name a service, an environment or both, or add --all for everything.',
        ),
      );
    }
    return ok({ service: of ?? null, environment: where ?? null });
  },
  async run(context, input, place) {
    const why = requireReason(input.reason, 'A freeze');
    if (!why.ok) return why;
    const { actor } = context;
    const scope = freezeScope(place.service, place.environment);
    const set = await context.transact(async (tx) => {
      const until = input.for === undefined ? null : tx.now + input.for * 1000;
      return ok(await setFreeze(tx, { scope, reason: why.value, until, by: actor }));
    });
    if (!set.ok) return set;
    const { id, until } = set.value;
    return ok({
      visibility: 'channel',
      data: set.value,
      view: noticeView({
        tone: 'waiting',
        title: `Frozen: ${freezeWords(scope)}`,
        said: `${actor.displayName} froze ${freezeWords(scope)}: ${why.value}`,
        more: [
          until === null
            ? ['It holds until ', { kind: 'code', text: `thaw ${id}` }, '.']
            : [{ kind: 'code', text: id }, ' until ', { kind: 'time', at: until, as: 'date' }, '.'],
        ],
      }),
    });
  },
});
