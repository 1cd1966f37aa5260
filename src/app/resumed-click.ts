import { z } from 'zod';
import { isLinked } from '#core/access/hard-rules.ts';
import { Account, type Actor } from '#core/people.ts';
import { type Refusal, refusal } from '#core/refusal.ts';
import type { Inbound } from '#ports/gateway.ts';
import type { Transaction } from '#ports/store.ts';
import type { BusParts } from './bus-parts.ts';
import { createLinkAccounts } from './link-accounts.ts';

/** A delivery as it was kept beside an invitation. */
const Click = z.strictObject({
  source: z.string(),
  deliveryId: z.string(),
  account: Account,
  displayName: z.string(),
  excluded: z.array(z.enum(['bot', 'guest', 'external', 'wrong_context'])),
  channel: z
    .strictObject({
      platform: z.string(),
      tenant: z.string(),
      channel: z.string(),
      thread: z.string().nullable(),
    })
    .nullable(),
  replyTo: z.unknown(),
  content: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('command'), text: z.string() }),
    z.strictObject({
      kind: z.literal('action'),
      token: z.string(),
      input: z.string().nullable(),
    }),
  ]),
  receivedAt: z.number(),
});

/** The delivery to do now that its account is linked; null when there was none. Done once. */
export function resumedClick(kept: unknown): Inbound | null {
  const click = Click.safeParse(kept);
  if (!click.success) return null;
  return { ...click.data, deliveryId: `${click.data.deliveryId}:linked` };
}

/**
 * Whoever is refused because the account is linked to nobody is given the code that links it, and
 * that completes what was asked.
 */
export async function inviteToLink(
  tx: Transaction,
  { world }: BusParts,
  inbound: Inbound,
  actor: Actor,
  why: Refusal,
): Promise<Refusal> {
  if (why.code !== 'access.not_linked' || isLinked(actor)) return why;
  const { sha256 } = world.crypto;
  const links = createLinkAccounts({ settings: world.settings, random: world.random, sha256 });
  const { token } = await links.invite(tx, actor, inbound);
  const { command } = world.settings().settings;
  return refusal(
    why.code,
    why.message,
    `Within ten minutes, type “/${command} link ${token}” with your linked account: it links both and completes this.`,
  );
}
