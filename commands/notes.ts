import { readChanges } from '#app/changes/read-changes.ts';
import { defineCommand } from '#app/command.ts';
import { environment, service, version } from '#app/command-field.ts';
import { namePlace } from '#app/name-place.ts';
import { nameVersion } from '#app/name-version.ts';
import { notesView } from '#core/cards/changes-view.ts';
import { refusal } from '#core/refusal.ts';
import { no, ok } from '#core/result.ts';

/** What lies between two versions, or between what runs and what comes. */
export const notes = defineCommand({
  name: 'notes',
  summary: 'Lists the changes between two versions, or between what runs and what comes.',
  permission: 'view',
  fields: {
    service: service('Which service.'),
    version: version(
      'Two versions (v1.4.1..v1.4.2), or one to compare with what runs; else what waits.',
    ).optional(),
    environment: environment('Where it runs.', { introducedBy: 'in' }).optional(),
  },
  examples: ['notes api v1.4.1..v1.4.2', 'notes api v1.4.2', 'notes api in production'],
  scopeOf: (input, { settings }) => namePlace(settings, input.service, input.environment),
  async run(context, input, place) {
    const { world, rollouts, settings } = context;
    const { service: of, environment: where } = place;
    const { serviceSettings } = place.settings;
    if (serviceSettings.changes === undefined) {
      return no(
        refusal(
          'changes.not_configured',
          `The settings do not say where the changes of ${of} are.`,
          `Name a host under hosts and the repository under services.${of}.changes.`,
        ),
      );
    }
    const [older, newer] = input.version?.split('..') ?? [];
    const before = settings.lookup.previous(of, where);
    const { runs, waits } = await context.read(async (tx) => ({
      runs: (await rollouts.live(tx, of, where))?.artifact ?? null,
      waits: before === null ? null : ((await rollouts.live(tx, of, before))?.artifact ?? null),
    }));
    const resolve = (name: string) => nameVersion(world, of, serviceSettings, name);
    const from = newer === undefined || older === undefined ? ok(runs) : await resolve(older);
    if (!from.ok) return from;
    const named = newer ?? older;
    const to = named === undefined || named === '' ? ok(waits) : await resolve(named);
    if (!to.ok) return to;
    if (from.value === null || to.value === null) {
      const missing =
        from.value === null ? `Nothing runs in ${where}` : `Nothing waits for ${where}`;
      return no(
        refusal('version.unknown', `${missing}.`, `Name two versions: notes ${of} v1..v2.`),
      );
    }
    const list = await readChanges(world, serviceSettings, from.value, to.value);
    if (list === null) {
      return no(
        refusal(
          'version.unknown',
          `${from.value.version} and ${to.value.version} are the same, or do not say which commit they were built from.`,
          'Name two versions that are tags, or whose artifacts carry their commit.',
        ),
      );
    }
    return ok({ view: notesView(of, list), data: list });
  },
});
