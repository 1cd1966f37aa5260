import { readBoard } from '#app/board.ts';
import { defineCommand } from '#app/command.ts';
import { environment, service } from '#app/command-field.ts';
import { nameEnvironment, namePlace, nameService } from '#app/name-place.ts';
import { statusView } from '#core/cards/status-view.ts';
import { ok } from '#core/result.ts';

/** What runs where, and what is on its way. */
export const status = defineCommand({
  name: 'status',
  summary: 'Shows what runs where and what is on its way.',
  permission: 'view',
  fields: {
    service: service('Only this service.').optional(),
    environment: environment('Only this environment.', { introducedBy: 'in' }).optional(),
  },
  examples: ['status', 'status api', 'status api in production'],
  scopeOf(input, { settings }) {
    const { service: name, environment: where } = input;
    if (name !== undefined && where !== undefined) {
      const place = namePlace(settings, name, where);
      if (!place.ok) return place;
    } else if (name !== undefined) {
      const found = nameService(settings, name);
      if (!found.ok) return found;
    } else if (where !== undefined) {
      const found = nameEnvironment(settings, where);
      if (!found.ok) return found;
    }
    return ok({ service: name ?? null, environment: where ?? null });
  },
  async run(context, input) {
    const board = await context.read((tx) =>
      readBoard(tx, context.settings, context.rollouts, input),
    );
    return ok({ view: statusView(board), data: board });
  },
});
