import { cardContext, storeActions } from '#app/card-actions.ts';
import { surfacePrefix } from '#app/card-surface.ts';
import { channelsOf } from '#app/rollout/channels-of.ts';
import type { World } from '#app/world.ts';
import { canonicalJson } from '#core/canonical.ts';
import { actionsFor } from '#core/cards/actions.ts';
import { buttonOf } from '#core/cards/card-context.ts';
import type { View } from '#core/message.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { Transaction } from '#ports/store.ts';

/** Leaves a note in the thread of a release; with `offer`, the way back below it. Once per `name`. */
export async function tellRelease(
  tx: Transaction,
  world: World,
  state: RolloutState,
  note: { readonly name: string; readonly view: View; readonly offer: boolean },
): Promise<void> {
  const actions = note.offer
    ? actionsFor(state, tx.now).filter(({ command }) => command === 'rollback')
    : [];
  await storeActions(tx, world, actions);
  const context = cardContext(world, tx.now);
  const buttons = actions.map((action) => buttonOf(action, context));
  const view: View =
    buttons.length === 0
      ? note.view
      : { ...note.view, blocks: [...note.view.blocks, { kind: 'buttons', buttons }] };
  for (const channel of channelsOf(world, state)) {
    const base = surfacePrefix(state.id, channel);
    await tx.desire({
      id: `${base}:${note.name}`,
      channel,
      parent: `${base}:card`,
      account: null,
      urgency: 1,
      view,
      hash: world.crypto.sha256(canonicalJson(view)),
      final: true,
    });
  }
}
