import { defineCommand } from '#app/command.ts';
import { count, environment, service } from '#app/command-field.ts';
import { nameEnvironment, namePlace, nameService } from '#app/name-place.ts';
import { pastRollouts } from '#app/past-rollouts.ts';
import { historyView } from '#core/cards/history-view.ts';
import { freezeScope, freezeWords } from '#core/freeze-scope.ts';
import { ok } from '#core/result.ts';

/** As many as a person reads. */
const usual = 15;
const most = 50;

/** Past and present rollouts, newest first. */
export const history = defineCommand({
  name: 'history',
  summary: 'Lists past releases, newest first.',
  permission: 'view',
  fields: {
    service: service('Only this service.').optional(),
    environment: environment('Only this environment.', { introducedBy: 'in' }).optional(),
    limit: count('How many, at most 50.').optional(),
  },
  examples: ['history', 'history api', 'history api in production --limit 30'],
  scopeOf(input, { settings }) {
    const { service: of, environment: where } = input;
    const named =
      of === undefined
        ? where === undefined
          ? ok(null)
          : nameEnvironment(settings, where)
        : where === undefined
          ? nameService(settings, of)
          : namePlace(settings, of, where);
    return named.ok ? ok({ service: of ?? null, environment: where ?? null }) : named;
  },
  async run(context, input, { service: of, environment: where }) {
    const states = await context.read((tx) =>
      pastRollouts(tx, {
        ...(of === null ? {} : { service: of }),
        ...(where === null ? {} : { environment: where }),
        limit: Math.min(input.limit ?? usual, most),
      }),
    );
    return ok({ view: historyView(states, freezeWords(freezeScope(of, where))), data: states });
  },
});
