import { cardContext, storeActions } from '#app/card-actions.ts';
import { surfacePrefix } from '#app/card-surface.ts';
import { channelsOf, isConfigured, refsOf } from '#app/rollout/channels-of.ts';
import { tellPerson } from '#app/tell-person.ts';
import type { World } from '#app/world.ts';
import { canonicalJson } from '#core/canonical.ts';
import { actionsFor } from '#core/cards/actions.ts';
import { buttonOf } from '#core/cards/card-context.ts';
import type { View } from '#core/message.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { Transaction } from '#ports/store.ts';
import type { DesiredSurface } from '#ports/surface-store.ts';

/**
 * Leaves a note in the thread of a release, with `offer` the way back below it. With `requester`
 * whoever asked for the release is told alone. One message per `name`: told again, it is edited.
 */
export async function tellRelease(
  tx: Transaction,
  world: World,
  state: RolloutState,
  note: {
    readonly name: string;
    readonly view: View;
    readonly offer: boolean;
    /** Also in the channel for alerts. */
    readonly loud: boolean;
    readonly requester: boolean;
  },
): Promise<void> {
  const view = note.offer ? await withWayBack(tx, world, state, note.view) : note.view;
  for (const channel of channelsOf(world, state)) {
    const base = surfacePrefix(state.id, channel);
    const parent = `${base}:card`;
    await desire(tx, world, { id: `${base}:${note.name}`, channel, parent, view });
  }
  const { settings } = world.settings();
  const loud = note.loud ? settings.alerts?.channel : undefined;
  const channels = loud === undefined ? [] : refsOf(settings.channels[loud]);
  for (const channel of channels.filter(({ platform }) => isConfigured(settings, platform))) {
    const id = `${surfacePrefix(state.id, channel)}:${note.name}:loud`;
    await desire(tx, world, { id, channel, parent: null, view });
  }
  if (!note.requester) return;
  const id = `rollout:${state.id}:trouble:${note.name}`;
  await tellPerson(tx, world, { id, to: state.requester, view: note.view });
}

async function withWayBack(
  tx: Transaction,
  world: World,
  state: RolloutState,
  view: View,
): Promise<View> {
  const back = actionsFor(state, tx.now).filter(({ command }) => command === 'rollback');
  await storeActions(tx, world, back);
  const context = cardContext(world, tx.now);
  const buttons = back.map((action) => buttonOf(action, context));
  if (buttons.length === 0) return view;
  return { ...view, blocks: [...view.blocks, { kind: 'buttons', buttons }] };
}

async function desire(
  tx: Transaction,
  world: World,
  said: Pick<DesiredSurface, 'id' | 'channel' | 'parent' | 'view'>,
): Promise<void> {
  const hash = world.crypto.sha256(canonicalJson(said.view));
  await tx.desire({ ...said, account: null, urgency: 1, hash, final: true });
}
