import { z } from 'zod';

/** One account on one chat platform. Always immutable ids, never names. */
export const Account = z.strictObject({
  platform: z.string().min(1).max(32),
  tenant: z
    .string()
    .min(1)
    .max(64)
    .describe('Slack team or enterprise id, Discord server id; `console` for the console.'),
  user: z.string().min(1).max(64).describe('The user id on the platform, never a name.'),
});
export type Account = z.infer<typeof Account>;

/** Who acts: the account that acted and the person it stands for. `person` is what is counted. */
export const Actor = z.strictObject({
  person: z.string(),
  account: Account,
  /** For people to read; never compared. */
  displayName: z.string().max(200),
});
export type Actor = z.infer<typeof Actor>;

/** The actor of everything that Signalbox does by itself. */
export const signalbox: Actor = {
  person: 'signalbox',
  account: { platform: 'signalbox', tenant: 'signalbox', user: 'signalbox' },
  displayName: 'Signalbox',
};

/** A stable text form of an account, for keys and comparison. */
export function accountKey(account: Account): string {
  return `${account.platform}:${account.tenant}/${account.user}`;
}

/** Where a role comes from: one grant is one source of membership. */
export const Grant = z.discriminatedUnion('kind', [
  /** Members of a private, unshared channel, by id. */
  z.strictObject({
    kind: z.literal('channel'),
    platform: z.string(),
    tenant: z.string(),
    channel: z.string(),
  }),
  /** Holders of a platform role (Discord) or members of a user group (Slack), by id. */
  z.strictObject({
    kind: z.literal('group'),
    platform: z.string(),
    tenant: z.string(),
    group: z.string(),
  }),
  /** People named in the configuration. */
  z.strictObject({ kind: z.literal('people'), people: z.array(z.string()) }),
]);
export type Grant = z.infer<typeof Grant>;

/** A stable text form of a source of membership, for keys and comparison. */
export function grantKey(grant: Grant): string {
  if (grant.kind === 'people') return 'people';
  const id = grant.kind === 'channel' ? grant.channel : grant.group;
  return `${grant.platform}:${grant.tenant}/${grant.kind}/${id}`;
}

/** The answer of one grant about one account, kept as evidence. `unknown` denies. */
export const Membership = z.strictObject({
  grant: Grant,
  answer: z.enum(['yes', 'no', 'unknown']),
  /** For `no` and `unknown`: why. */
  because: z
    .enum([
      'not_member',
      'guest',
      'external',
      'bot',
      'inactive',
      'wrong_tenant',
      'bad_source',
      'too_new',
      'unreachable',
    ])
    .nullable(),
  /** One plain line for people, e.g. `member of C123 at 14:02:11Z`. */
  evidence: z.string(),
  /** When the source was asked. */
  asOf: z.number(),
});
export type Membership = z.infer<typeof Membership>;
