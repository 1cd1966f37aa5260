import { canonicalJson } from '#core/canonical.ts';
import type { Reply } from '#ports/gateway.ts';
import type { Delivery } from './command-record.ts';
import type { World } from './world.ts';

/**
 * Brings the answer to the person. Where the direct way is closed (the platform's token has lapsed,
 * its budget is used up) the answer becomes a message to the person alone, which the delivery
 * scheduler brings as soon as it can.
 */
export async function deliverReply(world: World, delivery: Delivery, reply: Reply): Promise<void> {
  const { id, inbound } = delivery;
  const platform = world.platform(inbound.source) ?? world.platform(inbound.account.platform);
  if (platform === undefined) {
    world.log.warn('No platform to answer through', { source: inbound.source, inbox: id });
    return;
  }
  try {
    await platform.reply(inbound.replyTo, reply);
  } catch (error) {
    world.log.warn('An answer goes the long way', { inbox: id, error });
    await postpone(world, delivery, reply);
  }
}

async function postpone(world: World, { id, inbound }: Delivery, reply: Reply): Promise<void> {
  const { platform, tenant, user } = inbound.account;
  const channel = inbound.channel ?? { platform, tenant, channel: '', thread: null };
  await world.store.transact((tx) =>
    tx.desire({
      id: `reply:${id}`,
      channel,
      parent: null,
      account: { tenant, user },
      urgency: 0,
      view: reply.view,
      hash: world.crypto.sha256(canonicalJson(reply.view)),
      final: true,
    }),
  );
  world.pokeDelivery();
}
