import { firingGroups } from '#app/alerts/alert-stream.ts';
import { readWatchOf } from '#app/alerts/watch-stream.ts';
import { cardContext, keepActions } from '#app/card-actions.ts';
import { defineCommand } from '#app/command.ts';
import { nameRollout, rolloutFields } from '#app/name-rollout.ts';
import { replacedBy } from '#app/replaced-by.ts';
import { alertsIn } from '#core/alerts/place-alerts.ts';
import { explainJudgement } from '#core/analysis/explain-view.ts';
import { releaseCard } from '#core/cards/release-card.ts';
import { afterLook } from '#core/cards/told-look.ts';
import { alarmBlocks, troubleBlocks } from '#core/cards/watch-notes.ts';
import type { View } from '#core/message.ts';
import { ok } from '#core/result.ts';
import type { RolloutState } from '#core/rollout/state.ts';

/** The card of one rollout, with its buttons, what is held against it, and what the last look found. */
export const show = defineCommand({
  name: 'show',
  summary: 'Shows the card of one release.',
  permission: 'view',
  fields: rolloutFields,
  examples: ['show shop-12', 'show shop in production'],
  scopeOf: (input, look) => nameRollout(look, input),
  async run(context, _input, { rollout }) {
    const { world } = context;
    const shown = await context.transact(async (tx) => {
      const state = (await context.rollouts.read(tx, rollout.id)) ?? rollout;
      await keepActions(tx, world, state);
      const card = releaseCard(state, cardContext(world, tx.now), await replacedBy(tx, state));
      const troubles = (await readWatchOf(tx, state.id))?.troubles ?? [];
      const alarms = alarmBlocks(alertsIn(await firingGroups(tx), state), troubles);
      const blocks = [...card.blocks, ...troubleBlocks(troubles), ...alarms];
      return ok({ state, view: { ...card, blocks } });
    });
    if (!shown.ok) return shown;
    const { state, view } = shown.value;
    return ok({ view: explained(view, state), rollout: state.id, data: state });
  },
});

/** The card, and everything that the last look found. */
function explained(view: View, state: RolloutState): View {
  const last = state.looks.at(-1);
  if (last === undefined) return view;
  const blocks = explainJudgement(last.judgement, afterLook(state));
  return { ...view, blocks: [...view.blocks, { kind: 'divider' }, ...blocks] };
}
