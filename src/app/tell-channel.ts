import { canonicalJson } from '#core/canonical.ts';
import type { ChannelRef } from '#ports/gateway.ts';
import type { Transaction } from '#ports/store.ts';
import type { DesiredSurface } from '#ports/surface-store.ts';
import type { World } from './world.ts';

/**
 * Has a message of its own in a channel say something: it is posted once per `id`, and edited when
 * it is told again in other words. Part of the transaction.
 */
export function tellChannel(
  tx: Transaction,
  sha256: World['crypto']['sha256'],
  channel: ChannelRef,
  message: Pick<DesiredSurface, 'id' | 'urgency' | 'view' | 'final'>,
): Promise<void> {
  const hash = sha256(canonicalJson(message.view));
  return tx.desire({ ...message, channel, parent: null, account: null, hash });
}
