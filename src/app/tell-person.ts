import { canonicalJson } from '#core/canonical.ts';
import type { View } from '#core/message.ts';
import type { Actor } from '#core/people.ts';
import type { Transaction } from '#ports/store.ts';
import type { World } from './world.ts';

/**
 * Tells one person something, alone, once per `id`: the message is part of the transaction.
 * Nothing where the person's platform is not configured any more.
 */
export async function tellPerson(
  tx: Transaction,
  world: Pick<World, 'platform' | 'crypto'>,
  message: { readonly id: string; readonly to: Actor; readonly view: View },
): Promise<void> {
  const { platform, tenant, user } = message.to.account;
  if (world.platform(platform) === undefined) return;
  await tx.desire({
    id: message.id,
    channel: { platform, tenant, channel: '', thread: null },
    parent: null,
    account: { tenant, user },
    urgency: 1,
    view: message.view,
    hash: world.crypto.sha256(canonicalJson(message.view)),
    final: true,
  });
}
