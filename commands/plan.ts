import { defineCommand } from '#app/command.ts';
import { environment, service, version } from '#app/command-field.ts';
import { namePlace } from '#app/name-place.ts';
import { nameVersion } from '#app/name-version.ts';
import { planView } from '#core/cards/plan-view.ts';
import { ok } from '#core/result.ts';

/** Shows what a release would do, without doing anything. */
export const plan = defineCommand({
  name: 'plan',
  summary: 'Shows what a release would do, without doing it.',
  permission: 'view',
  fields: {
    service: service('What would be released.'),
    version: version('Which version of it.'),
    environment: environment('Where to.', { introducedBy: 'to' }).optional(),
  },
  examples: ['plan api v1.4.2', 'plan api v1.4.2 to production'],
  scopeOf: (input, { settings }) => namePlace(settings, input.service, input.environment),
  async run(context, input, place) {
    const { world, rollouts, actor } = context;
    const { serviceSettings } = place.settings;
    const artifact = await nameVersion(world, place.service, serviceSettings, input.version);
    if (!artifact.ok) return artifact;
    const made = await rollouts.plan({
      intent: 'deploy',
      service: place.service,
      environment: place.environment,
      artifact: artifact.value,
      requester: actor,
      reason: '',
      breakGlass: false,
      steal: false,
      origin: null,
    });
    if (!made.ok) return made;
    const { plan: drafted, hash } = made.value;
    return ok({ view: planView(drafted, hash, []), data: made.value });
  },
});
