import { checkpointView } from '#core/cards/checkpoint-view.ts';
import type { Anchor } from '#ports/anchor.ts';
import type { ChannelRef } from '#ports/gateway.ts';
import type { Store } from '#ports/store.ts';
import { tellChannel } from './tell-channel.ts';

const hourMs = 3_600_000;

/**
 * An anchor in a chat channel: whoever reads it holds a checkpoint that nobody can take back, and
 * gives it to `signalbox audit verify`. At most one post an hour and channel, however many
 * processes run: the hour is part of the message's name. It cannot be read back from here.
 */
export function createChannelAnchor(
  needs: {
    readonly store: Pick<Store, 'transact'>;
    readonly sha256: (text: string) => string;
    readonly pokeDelivery: () => void;
  },
  channels: () => readonly ChannelRef[],
): Anchor {
  return {
    name: 'the channel of the audit',
    async publish(checkpoint) {
      const view = checkpointView(checkpoint);
      await needs.store.transact(async (tx) => {
        const hour = Math.floor(tx.now / hourMs);
        for (const channel of channels()) {
          const { platform, tenant } = channel;
          const id = `checkpoint:${platform}:${tenant}:${channel.channel}:${hour}`;
          if ((await tx.surface(id)) !== null) continue;
          await tellChannel(tx, needs.sha256, channel, { id, urgency: 3, view, final: true });
        }
      });
      needs.pokeDelivery();
    },
    newest: () => Promise.resolve(null),
  };
}
