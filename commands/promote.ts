import { defineCommand } from '#app/command.ts';
import { environment, flag, reason, service } from '#app/command-field.ts';
import { namePromotion } from '#app/name-promotion.ts';
import { requestRollout } from '#app/request-rollout.ts';

/** Brings what runs in one environment to the next: the same digest. */
export const promote = defineCommand({
  name: 'promote',
  summary: 'Brings what runs in one environment to the next one.',
  permission: 'deploy',
  fields: {
    service: service('What to promote; in the thread of a release, that one.').optional(),
    environment: environment('The environment that it comes from.', {
      introducedBy: 'from',
    }).optional(),
    reason: reason().optional(),
    steal: flag('Take the place of the release that holds the environment.'),
    breakGlass: flag('Pass the gates that may be passed; a second person reviews it afterwards.'),
  },
  examples: ['promote api', 'promote api from staging', 'promote api because it soaked overnight'],
  scopeOf: (input, look) => namePromotion(look, input.service, input.environment),
  run(context, input, promotion) {
    const { artifact, from } = promotion;
    return requestRollout(
      context,
      {
        intent: 'deploy',
        service: promotion.service,
        environment: promotion.environment,
        artifact,
        reason: input.reason ?? '',
        breakGlass: input.breakGlass,
        steal: input.steal,
      },
      `It is the artifact that runs in ${from}.`,
    );
  },
});
