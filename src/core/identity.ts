import { z } from 'zod';
import { Account, Actor } from './people.ts';

/** Facts about who is who: the one stream `identity`. */
export const IdentityEvent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('account.linked'),
    account: Account,
    person: z.string(),
    /** The account that asked for the link, and the one that confirmed it. */
    from: Account,
    confirmedBy: Actor,
  }),
  z.strictObject({
    kind: z.literal('account.unlinked'),
    account: Account,
    person: z.string(),
    by: Actor,
  }),
]);
export type IdentityEvent = z.infer<typeof IdentityEvent>;

/** The stream of identities. */
export const identityStream = 'identity';
