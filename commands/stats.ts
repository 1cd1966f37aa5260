import { defineCommand } from '#app/command.ts';
import { duration, environment, service } from '#app/command-field.ts';
import { readFigures } from '#app/figures/read-figures.ts';
import { nameEnvironment, namePlace, nameService } from '#app/name-place.ts';
import { statsView } from '#core/cards/stats-view.ts';
import { figuresOf } from '#core/figures/figures.ts';
import { freezeScope, freezeWords } from '#core/freeze-scope.ts';
import { ok } from '#core/result.ts';

const usualSeconds = 30 * 86_400;

/** The figures of releasing, from the history. */
export const stats = defineCommand({
  name: 'stats',
  summary: 'Shows deployment frequency, lead time, change fail rate, recovery time and more.',
  permission: 'view',
  fields: {
    service: service('Only this service.').optional(),
    environment: environment('Only this environment.', { introducedBy: 'in' }).optional(),
    over: duration('Over how long; 30 days unless told.', { introducedBy: 'over' }).optional(),
  },
  examples: ['stats', 'stats api', 'stats api in production over 90d'],
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
  async run(context, input, scope) {
    const days = Math.max(1, Math.round((input.over ?? usualSeconds) / 86_400));
    const question = await context.read((tx) =>
      readFigures(tx, context.settings, { ...scope, days }),
    );
    const what = freezeWords(freezeScope(scope.service, scope.environment));
    return ok({ view: statsView(question, what), data: figuresOf(question) });
  },
});
