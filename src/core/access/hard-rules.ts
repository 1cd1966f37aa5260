import type { Gate } from '#core/gate.ts';
import type { Instant, PlanHash } from '#core/ids.ts';
import { type Actor, accountKey, type Membership } from '#core/people.ts';
import { type Refusal, refusal } from '#core/refusal.ts';
import type { Artifact } from '#core/release.ts';

/**
 * The rules that no configuration can switch off. Each takes facts alone, never settings, so there
 * is nothing to set. Null means that the rule has no objection.
 */
export const hardRules = {
  requesterNeverApproves: 'Nobody approves their own request, through whatever account.',
  onePersonOneVote: 'A person is counted once, however many accounts they have.',
  peopleMustBeDistinguishable:
    'Unlinked accounts of different workspaces are never counted as two people.',
  excludedAccountsActForNobody:
    'Bots, guests, people from outside and foreign contexts are refused before anything else.',
  unknownMeansNo: 'A membership that could not be established grants nothing.',
  badSourcesGrantNothing: 'Public, shared or archived channels grant nothing.',
  approvalBindsToPlan: 'An approval counts for the plan that was shown, and for no other.',
  approvalExpires: 'An expired or revoked approval does not count.',
  artifactIsDigest: 'What is released is a digest; a tag is only a label for it.',
  overrideNeedsReason: 'Break-glass needs a written reason.',
  fixedGatesStand: 'Break-glass never passes a gate that is not overridable.',
} as const satisfies Record<string, string>;

/** `requesterNeverApproves` */
export function requesterNeverApproves(approver: Actor, requester: Actor): Refusal | null {
  if (!samePerson(approver, requester)) return null;
  return refusal(
    'approval.self',
    `${approver.displayName} asked for this release and cannot approve it.`,
    'Ask somebody else who holds the role.',
  );
}

/** `onePersonOneVote` */
export function onePersonOneVote(voter: Actor, counted: readonly Actor[]): Refusal | null {
  if (!counted.some((other) => samePerson(voter, other))) return null;
  return refusal(
    'approval.twice',
    `${voter.displayName} is counted already.`,
    'Another person has to decide.',
  );
}

/**
 * `peopleMustBeDistinguishable`: two actors are known to be two people when both are linked to a
 * person, or when both accounts belong to the same workspace, where a person has one account.
 */
export function peopleMustBeDistinguishable(a: Actor, others: readonly Actor[]): Refusal | null {
  const doubtful = others.find((other) => !distinguishable(a, other));
  if (doubtful === undefined) return null;
  const unlinked = isLinked(a) ? doubtful : a;
  return refusal(
    'access.not_linked',
    `The account of ${unlinked.displayName} is not linked, so ${a.displayName} and ${doubtful.displayName} might be one person.`,
    'Link the account to its person with the link command, then decide again.',
  );
}

/** `excludedAccountsActForNobody` */
export function excludedAccountsActForNobody(
  excluded: readonly ('bot' | 'guest' | 'external' | 'wrong_context')[],
): Refusal | null {
  if (excluded.includes('bot')) {
    return refusal('access.bot', 'The command came from a bot.', 'Ask as a person.');
  }
  if (excluded.includes('external')) {
    return refusal(
      'access.external',
      'The account belongs to another organisation.',
      'Ask somebody from inside the organisation.',
    );
  }
  if (excluded.includes('guest')) {
    return refusal(
      'access.guest',
      'The account is a guest here, and guests hold no roles.',
      'Ask a full member to do it.',
    );
  }
  if (excluded.includes('wrong_context')) {
    return refusal(
      'access.wrong_context',
      'Commands are not served in direct messages of strangers, in other servers or in user installations.',
      'Use a channel of the configured workspace or server.',
    );
  }
  return null;
}

/** `unknownMeansNo` and `badSourcesGrantNothing`: the only answer that grants. */
export function grants(membership: Membership): boolean {
  return membership.answer === 'yes' && membership.because === null;
}

/** `approvalBindsToPlan` */
export function approvalBindsToPlan(shown: PlanHash, present: PlanHash): Refusal | null {
  if (shown === present && present !== '') return null;
  return refusal(
    'plan.superseded',
    'The approval was given to another plan.',
    'Look at the present plan and decide on that.',
  );
}

/** `approvalExpires`: not one millisecond of grace. */
export function approvalExpires(
  approval: { readonly expiresAt: Instant; readonly revoked: string | null },
  now: Instant,
): Refusal | null {
  if (approval.revoked !== null) {
    return refusal(
      'approval.expired',
      `The approval was taken back: ${approval.revoked}.`,
      'Ask for it again.',
    );
  }
  if (now < approval.expiresAt) return null;
  return refusal('approval.expired', 'The approval has expired.', 'Ask for it again.');
}

/** `artifactIsDigest` */
export function artifactIsDigest(artifact: Artifact): Refusal | null {
  if (/^sha256:[0-9a-f]{64}$/.test(artifact.digest)) return null;
  return refusal(
    'plan.unmakeable',
    `Version ${artifact.version} did not resolve to a digest.`,
    'Ask for a version that the registry knows.',
  );
}

/** `overrideNeedsReason`: more than blanks and punctuation. */
export function overrideNeedsReason(reason: string): Refusal | null {
  if (/[\p{L}\p{N}].*[\p{L}\p{N}]/su.test(reason)) return null;
  return refusal(
    'reason.required',
    'Break-glass without a written reason is refused.',
    'Say why it cannot wait: add because … or --reason "…".',
  );
}

/** `fixedGatesStand` */
export function fixedGatesStand(gate: Pick<Gate, 'name' | 'overridable'>): Refusal | null {
  if (gate.overridable) return null;
  return refusal(
    'gate.not_overridable',
    `The gate ${gate.name} cannot be passed by break-glass.`,
    'Meet what the gate asks for.',
  );
}

/** True when somebody or the settings said which person the account stands for. */
export function isLinked(actor: Actor): boolean {
  return actor.person !== accountKey(actor.account);
}

/** True when the two are known to be one: the same person, or the same account under two names. */
export function samePerson(a: Actor, b: Actor): boolean {
  return a.person === b.person || accountKey(a.account) === accountKey(b.account);
}

function distinguishable(a: Actor, b: Actor): boolean {
  if (isLinked(a) && isLinked(b)) return true;
  return a.account.platform === b.account.platform && a.account.tenant === b.account.tenant;
}
