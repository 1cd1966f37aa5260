import { cardContext, storeActions } from '#app/card-actions.ts';
import { surfacePrefix } from '#app/card-surface.ts';
import { channelsOf, isConfigured, refsOf } from '#app/rollout/channels-of.ts';
import { rolloutReads } from '#app/rollout/rollout-reads.ts';
import type { World } from '#app/world.ts';
import type { AlertEvent } from '#core/alerts/events.ts';
import type { AlertGroup } from '#core/alerts/group.ts';
import { canonicalJson } from '#core/canonical.ts';
import { suspectActions } from '#core/cards/alert-actions.ts';
import { alertCard } from '#core/cards/alert-card.ts';
import { alertNote } from '#core/cards/alert-notes.ts';
import type { View } from '#core/message.ts';
import type { ChannelRef } from '#ports/gateway.ts';
import type { Transaction } from '#ports/store.ts';
import { suspectsNow } from './suspects-now.ts';

/** What just happened to a group: none when only its card is written anew. */
export interface AlertChange {
  readonly events: readonly AlertEvent[];
  /** Version of the stream after them. */
  readonly version: number;
}

/** Writes what chat should say about a group of alerts, within the caller's transaction. */
export type ProjectAlert = (
  tx: Transaction,
  group: AlertGroup,
  change: AlertChange,
) => Promise<void>;

interface Place {
  readonly base: string;
  readonly channel: ChannelRef;
  readonly parent: string | null;
}

/** One thread per episode: its card, edited in place, and notes below it. */
export function projectAlert(world: World): ProjectAlert {
  async function placesOf(tx: Transaction, group: AlertGroup): Promise<readonly Place[]> {
    const { settings } = world.settings();
    const { home, raised } = group;
    const name = settings.alerts?.channel;
    const own =
      (home.kind === 'rollout' && !raised) || name === undefined
        ? []
        : refsOf(settings.channels[name]).filter(({ platform }) =>
            isConfigured(settings, platform),
          );
    const state = home.kind === 'rollout' ? await rolloutReads.read(tx, home.rollout) : null;
    return [
      ...own.map((channel) => ({
        base: alertSurfacePrefix(group, channel),
        channel,
        parent: null,
      })),
      ...(state === null
        ? []
        : channelsOf(world, state).map((channel) => ({
            base: `${alertSurfacePrefix(group, channel)}:in:${state.id}`,
            channel,
            parent: `${surfacePrefix(state.id, channel)}:card`,
          }))),
    ];
  }

  return async (tx, group, { events, version }) => {
    const suspects = await suspectsNow(tx, group);
    const context = cardContext(world, tx.now);
    await storeActions(tx, world, suspectActions(group, suspects, tx.now).flat());
    const card = alertCard(group, suspects, context);
    const over = group.phase === 'resolved';
    const opens = events.some(({ kind }) => kind === 'episode.opened');
    const first = version - events.length + 1;
    const notes = events.flatMap((event, offset) => {
      const view = alertNote(event, group, opens);
      return view === null ? [] : [{ view, number: first + offset }];
    });
    for (const { base, channel, parent } of await placesOf(tx, group)) {
      const own = `${base}:card`;
      await desire(tx, { id: own, channel, parent, view: card, final: over });
      for (const { view, number } of notes) {
        // Within a release's thread there is no thread below a message.
        const under = parent ?? own;
        await desire(tx, {
          id: `${base}:note:${number}`,
          channel,
          parent: under,
          view,
          final: true,
        });
      }
    }
  };

  async function desire(
    tx: Transaction,
    said: {
      readonly id: string;
      readonly channel: ChannelRef;
      readonly parent: string | null;
      readonly view: View;
      readonly final: boolean;
    },
  ): Promise<void> {
    const hash = world.crypto.sha256(canonicalJson(said.view));
    await tx.desire({ ...said, hash, account: null, urgency: 1 });
  }
}

/** What the ids of the surfaces of its present thread in a channel begin with. */
export function alertSurfacePrefix({ id, thread }: AlertGroup, channel: ChannelRef): string {
  return `alert:${id}:${thread}:${channel.platform}:${channel.tenant}:${channel.channel}`;
}
