import { consoleUrlOf } from '#app/card-actions.ts';
import { defineCommand, nowhere } from '#app/command.ts';
import { duration } from '#app/command-field.ts';
import { readDigest } from '#app/digest/read-digest.ts';
import { readDrifts } from '#app/digest/read-drifts.ts';
import { digestView } from '#core/cards/digest-view.ts';
import { formatDuration } from '#core/duration.ts';
import { ok } from '#core/result.ts';

const daySeconds = 86_400;

/** What was released lately, what went back, and what waits. */
export const digest = defineCommand({
  name: 'digest',
  summary: 'Shows what shipped, went back and waits, with locks, freezes and the four figures.',
  permission: 'view',
  fields: {
    over: duration('Over how long; a day unless told.', { introducedBy: 'over' }).optional(),
  },
  examples: ['digest', 'digest over 7d'],
  scopeOf: () => ok(nowhere),
  async run(context, { over = daySeconds }) {
    const { settings, rollouts } = context;
    const drifts = await readDrifts(context.world, rollouts);
    const question = await context.read((tx) =>
      readDigest(tx, settings, rollouts, tx.now - over * 1000, {}, drifts),
    );
    const view = digestView(question, {
      period: over === daySeconds ? 'in the last day' : `in the last ${formatDuration(over)}`,
      consoleUrl: consoleUrlOf(settings.settings),
    });
    return ok({ view });
  },
});
