import { isLinked } from '#core/access/hard-rules.ts';
import type { Sha256 } from '#core/canonical.ts';
import { type IdentityEvent, identityStream } from '#core/identity.ts';
import { type Account, type Actor, accountKey } from '#core/people.ts';
import { type Refusal, refusal } from '#core/refusal.ts';
import { no, ok, type Result } from '#core/result.ts';
import type { LinkStore, LinkTicket } from '#ports/link-store.ts';
import type { Random } from '#ports/random.ts';
import type { Streams } from '#ports/streams.ts';
import { createIdentities } from './identities.ts';
import { unplacedRow } from './unplaced-row.ts';
import type { SettingsSnapshot } from './world.ts';

/** What linking reads and writes of a transaction. */
export type LinkTransaction = LinkStore &
  Pick<Streams, 'streamForUpdate' | 'append'> & { readonly now: number };

/** A link that waits for its confirmation. The token is shown once, and only its hash is kept. */
export interface Invitation {
  readonly token: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Both sides of a link, for the page that asks for the confirmation. */
export interface LinkOffer {
  readonly from: Account;
  readonly to: Account;
  /** Whom both accounts will stand for. */
  readonly person: string;
  /** For people to read. */
  readonly personName: string;
  readonly expiresAt: number;
}

/** A link that was made. Both accounts are to be told. */
export interface Linked extends LinkOffer {
  /** What the invitation was to complete: the click that asked for it, or null. */
  readonly resume: unknown;
}

/** Joins the accounts of one person. Every use stands in the ledger. */
export interface LinkAccounts {
  /** Asks for a link; `resume` is completed once it is confirmed. Valid once, for ten minutes. */
  invite(tx: LinkTransaction, from: Actor, resume: unknown): Promise<Invitation>;
  /** Looks at an invitation with the other account, changing nothing. Refusals: `link.*`. */
  look(tx: LinkTransaction, token: string, by: Actor): Promise<Result<LinkOffer>>;
  /** Confirms it: the caller has shown both sides to `by` and checked for forgery. Refusals: `link.*`. */
  confirm(tx: LinkTransaction, token: string, by: Actor): Promise<Result<Linked>>;
  /** Refusals: `access.not_linked`, `link.wrong_person` (the settings name it). */
  unlink(tx: LinkTransaction, account: Account, by: Actor): Promise<Result<null>>;
}

const validMs = 600_000;
const tokenBits = 160;

/** Builds the use case. */
export function createLinkAccounts(needs: {
  readonly settings: () => SettingsSnapshot;
  readonly random: Random;
  readonly sha256: Sha256;
}): LinkAccounts {
  const identities = createIdentities(needs.settings);
  const stored = (token: string) => needs.sha256(`signalbox-link-v1\0${token}`);

  async function offerOf(
    tx: LinkTransaction,
    ticket: LinkTicket | null,
    by: Actor,
  ): Promise<Result<LinkOffer>> {
    if (ticket === null) return no(expired);
    const { from, expiresAt } = ticket;
    if (accountKey(from) === accountKey(by.account)) return no(sameAccount);
    const inviter = await identities.personOf(tx, from);
    // Somebody gave the account to another person while the invitation was open.
    if (inviter !== ticket.person) return no(movedOn);
    const person = sharedPerson(inviter, from, by);
    if (person === null) return no(alreadyLinked(by));
    const accounts = await identities.accountsOf(tx, { ...by, person });
    // One account per person and workspace: a colleague cannot become somebody who is there already.
    if ([from, by.account].some((one) => accounts.some((other) => isAnother(one, other)))) {
      return no(alreadyLinked(by));
    }
    const personName = identities.displayName(person, by.displayName);
    return ok({ from, to: by.account, person, personName, expiresAt });
  }

  return {
    async invite(tx, from, resume) {
      const token = needs.random.token(tokenBits);
      const expiresAt = tx.now + validMs;
      await tx.storeTicket({
        token: stored(token),
        person: from.person,
        from: from.account,
        expiresAt,
        usedAt: null,
        resume: resume ?? null,
      });
      return { token, expiresAt };
    },

    async look(tx, token, by) {
      return offerOf(tx, await tx.ticket(stored(token)), by);
    },

    async confirm(tx, token, by) {
      const ticket = await tx.takeTicket(stored(token));
      const offer = await offerOf(tx, ticket, by);
      if (!offer.ok) return offer;
      const { from, to, person } = offer.value;
      const events: IdentityEvent[] = [];
      for (const account of [from, to]) {
        // What the settings or an earlier link say already needs no other link.
        if ((await identities.personOf(tx, account)) === person) continue;
        await tx.link(account, person);
        events.push({ kind: 'account.linked', account, person, from, confirmedBy: by });
      }
      await record(tx, by, events);
      return ok({ ...offer.value, resume: ticket?.resume ?? null });
    },

    async unlink(tx, account, by) {
      if (identities.configured(account) !== null) return no(configured(account));
      const person = await tx.personOf(account);
      if (person === null) return no(notLinked(account));
      await tx.unlink(account);
      await record(tx, by, [{ kind: 'account.unlinked', account, person, by }]);
      return ok(null);
    },
  };
}

/**
 * Whom both will stand for: the person that either is known to be; a new one when neither is; null
 * when they are known to be two, or one already.
 */
function sharedPerson(inviter: string, from: Account, by: Actor): string | null {
  const inviterLinked = inviter !== accountKey(from);
  if (inviterLinked && isLinked(by)) return null;
  if (inviterLinked) return inviter;
  // Never the key of an account: what it did before it was linked stays recognisable as unlinked.
  return isLinked(by) ? by.person : `linked:${accountKey(from)}`;
}

function isAnother(one: Account, other: Account): boolean {
  const sameWorkspace = one.platform === other.platform && one.tenant === other.tenant;
  return sameWorkspace && one.user !== other.user;
}

async function record(
  tx: LinkTransaction,
  actor: Actor,
  events: readonly IdentityEvent[],
): Promise<void> {
  const stream = await tx.streamForUpdate(identityStream);
  await tx.append({
    stream: identityStream,
    kind: 'identity',
    expectedVersion: stream?.version ?? 0,
    events: events.map((body) => ({ actor, body })),
    // The links themselves are the link store's.
    row: unplacedRow(null),
  });
}

const expired: Refusal = refusal(
  'link.expired',
  'The link has expired, was used before, or never existed.',
  'Ask for a new one with the link command.',
);

const sameAccount: Refusal = refusal(
  'link.wrong_person',
  'The link was opened with the account that asked for it.',
  'Open it with your other account.',
);

const movedOn: Refusal = refusal(
  'link.wrong_person',
  'The account that asked for the link stands for somebody else by now.',
  'Ask for a new one with the link command.',
);

function alreadyLinked(by: Actor): Refusal {
  return refusal(
    'link.already_linked',
    `The account of ${by.displayName} is linked already, or the person has one in that workspace.`,
    'Unlink one of them first, or ask whoever keeps the settings.',
  );
}

function configured(account: Account): Refusal {
  return refusal(
    'link.wrong_person',
    `The settings say whom ${accountKey(account)} stands for.`,
    'Change the settings.',
  );
}

function notLinked(account: Account): Refusal {
  return refusal(
    'access.not_linked',
    `${accountKey(account)} is not linked to a person.`,
    'Nothing needs to be done.',
  );
}
