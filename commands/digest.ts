import { readBoard } from '#app/board.ts';
import { defineCommand, nowhere } from '#app/command.ts';
import { readFigures } from '#app/figures/read-figures.ts';
import { pastRollouts } from '#app/past-rollouts.ts';
import { digestView } from '#core/cards/digest-view.ts';
import { ok } from '#core/result.ts';

const dayMs = 86_400_000;

/** What was released in the last day, what went back, and what waits. */
export const digest = defineCommand({
  name: 'digest',
  summary: 'Shows what shipped, went back and waits since yesterday, with the four figures.',
  permission: 'view',
  fields: {},
  examples: ['digest'],
  scopeOf: () => ok(nowhere),
  async run(context) {
    const view = await context.read(async (tx) => {
      const past = await pastRollouts(tx, { ended: true, limit: 200 });
      const board = await readBoard(tx, context.settings, context.rollouts);
      return digestView({
        now: tx.now,
        ended: past.filter(({ endedAt }) => endedAt !== null && endedAt > tx.now - dayMs),
        open: await context.rollouts.open(tx),
        places: board.map(({ place }) => place),
        figures: await readFigures(tx, context.settings, { days: 30 }),
      });
    });
    return ok({ view });
  },
});
