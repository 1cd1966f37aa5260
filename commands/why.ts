import { defineCommand } from '#app/command.ts';
import { environment, service } from '#app/command-field.ts';
import { explainPlace } from '#app/explain.ts';
import { namePlace } from '#app/name-place.ts';
import { whyView } from '#core/cards/why-view.ts';
import { ok } from '#core/result.ts';

/** Who may release there, who may approve, what blocks it now and until when. */
export const why = defineCommand({
  name: 'why',
  summary: 'Tells who may release there, and what stands in the way now and until when.',
  permission: 'view',
  fields: {
    service: service('Which service.'),
    environment: environment('Where.', { introducedBy: 'in' }).optional(),
  },
  examples: ['why api production'],
  scopeOf: (input, { settings }) => namePlace(settings, input.service, input.environment),
  async run({ world, rollouts, authority }, _input, place) {
    const { service: of, environment: where } = place;
    const answer = await explainPlace(world, rollouts, authority, of, where);
    return ok({ view: whyView(answer), data: answer });
  },
});
