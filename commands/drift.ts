import { defineCommand } from '#app/command.ts';
import { environment, service } from '#app/command-field.ts';
import { namePlace } from '#app/name-place.ts';
import { readDrift } from '#app/read-drift.ts';
import { driftView } from '#core/cards/drift-view.ts';
import { ok } from '#core/result.ts';

/** Whether what runs is what was released. */
export const drift = defineCommand({
  name: 'drift',
  summary: 'Compares what runs with what was released.',
  permission: 'view',
  fields: {
    service: service('Which service.'),
    environment: environment('Where.', { introducedBy: 'in' }).optional(),
  },
  examples: ['drift api', 'drift api in production'],
  scopeOf: (input, { settings }) => namePlace(settings, input.service, input.environment),
  async run(context, _input, place) {
    const { world, rollouts } = context;
    const { service: of, environment: where } = place;
    const { ledger, underWay } = await context.read(async (tx) => ({
      ledger: (await rollouts.live(tx, of, where))?.artifact ?? null,
      underWay: (await rollouts.active(tx, of, where)) !== null,
    }));
    const targets = await readDrift(world, place.settings, ledger, underWay);
    const answer = { service: of, environment: where, ledger, targets };
    return ok({ view: driftView(answer), data: answer });
  },
});
