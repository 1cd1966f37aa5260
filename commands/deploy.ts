import { defineCommand } from '#app/command.ts';
import { environment, flag, reason, service, version } from '#app/command-field.ts';
import { namePlace } from '#app/name-place.ts';
import { nameVersion } from '#app/name-version.ts';
import { requestRollout } from '#app/request-rollout.ts';

/** Requests a release of one version of a service. */
export const deploy = defineCommand({
  name: 'deploy',
  summary: 'Releases a version of a service.',
  permission: 'deploy',
  fields: {
    service: service('What to release.'),
    version: version('Which version of it.'),
    environment: environment('Where to.', { introducedBy: 'to' }).optional(),
    reason: reason().optional(),
    steal: flag('Take the place of the release that holds the environment.'),
    breakGlass: flag('Pass the gates that may be passed; a second person reviews it afterwards.'),
  },
  examples: [
    'deploy api v1.4.2',
    'deploy api v1.4.2 to staging',
    'deploy api v1.4.2 to production because fixes the login',
  ],
  scopeOf: (input, { settings }) => namePlace(settings, input.service, input.environment),
  async run(context, input, place) {
    const { serviceSettings } = place.settings;
    const artifact = await nameVersion(
      context.world,
      place.service,
      serviceSettings,
      input.version,
    );
    if (!artifact.ok) return artifact;
    const assumed = place.assumed
      ? `No environment was named, so it goes to ${place.environment}.`
      : '';
    return requestRollout(
      context,
      {
        intent: 'deploy',
        service: place.service,
        environment: place.environment,
        artifact: artifact.value,
        reason: input.reason ?? '',
        breakGlass: input.breakGlass,
        steal: input.steal,
      },
      assumed,
    );
  },
});
