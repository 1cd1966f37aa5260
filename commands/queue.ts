import { inOrder } from '#app/board.ts';
import { defineCommand } from '#app/command.ts';
import { environment, service } from '#app/command-field.ts';
import { namePlace } from '#app/name-place.ts';
import { queueView } from '#core/cards/queue-view.ts';
import { placeId } from '#core/ids.ts';
import { expectedTurn } from '#core/queue-outlook.ts';
import { ok } from '#core/result.ts';

/** Who is at work in a place and who waits. */
export const queue = defineCommand({
  name: 'queue',
  summary: 'Shows who is at work in an environment and who waits behind.',
  permission: 'view',
  fields: {
    service: service('Which service.'),
    environment: environment('Where.', { introducedBy: 'in' }).optional(),
  },
  examples: ['queue api', 'queue api in production'],
  scopeOf: (input, { settings }) => namePlace(settings, input.service, input.environment),
  async run(context, _input, { service: of, environment: where }) {
    const { open, now } = await context.read(async (tx) => ({
      open: inOrder(await context.rollouts.open(tx, of, where)),
      now: tx.now,
    }));
    const active = open.find(({ startedAt }) => startedAt !== null) ?? null;
    const waiting = open
      .filter((state) => state !== active)
      .map((state) => ({
        state,
        expectedAt: expectedTurn(open.slice(0, open.indexOf(state)), now),
      }));
    return ok({ view: queueView(placeId(of, where), active, waiting), data: { active, waiting } });
  },
});
