import { defineCommand } from '#app/command.ts';
import { environment, service, version } from '#app/command-field.ts';
import { namePlace } from '#app/name-place.ts';
import { nameVersion } from '#app/name-version.ts';
import { diffView } from '#core/cards/diff-view.ts';
import { ok } from '#core/result.ts';

/** What would change against what runs now. */
export const diff = defineCommand({
  name: 'diff',
  summary: 'Compares a version with what runs in an environment.',
  permission: 'view',
  fields: {
    service: service('Which service.'),
    version: version(
      'The version to compare; else what waits in the environment before.',
    ).optional(),
    environment: environment('Where.', { introducedBy: 'in' }).optional(),
  },
  examples: ['diff api v1.4.2', 'diff api v1.4.2 in production', 'diff api in production'],
  scopeOf: (input, { settings }) => namePlace(settings, input.service, input.environment),
  async run(context, input, place) {
    const { world, rollouts, settings } = context;
    const { service: of, environment: where } = place;
    const before = settings.lookup.previous(of, where);
    const { runs, waits } = await context.read(async (tx) => ({
      runs: (await rollouts.live(tx, of, where))?.artifact ?? null,
      waits: before === null ? null : ((await rollouts.live(tx, of, before))?.artifact ?? null),
    }));
    const named =
      input.version === undefined
        ? ok(waits)
        : await nameVersion(world, of, place.settings.serviceSettings, input.version);
    if (!named.ok) return named;
    const comes = named.value;
    return ok({
      view: diffView({ service: of, environment: where, runs, comes }),
      data: { runs, comes },
    });
  },
});
