import type { Membership } from '#core/people.ts';
import { type Refusal, refusal } from '#core/refusal.ts';
import { grants } from './hard-rules.ts';

/** What the memberships of one person in the grants of one role come to. */
export type RoleAnswer =
  | { readonly kind: 'yes'; readonly evidence: readonly Membership[] }
  | { readonly kind: 'no'; readonly asked: readonly Membership[] };

/** One grant that says yes is enough; nothing else is a yes, and no answers at all are a no. */
export function answerOf(asked: readonly Membership[]): RoleAnswer {
  const evidence = asked.filter(grants);
  return evidence.length > 0 ? { kind: 'yes', evidence } : { kind: 'no', asked };
}

/**
 * Says why nobody vouched. Not knowing comes first, because then asking again may help; then what
 * excludes the account as such; a missing role is what is left.
 */
export function explainNo(
  who: string,
  roles: readonly string[],
  asked: readonly Membership[],
): Refusal {
  if (asked.some(({ answer }) => answer === 'unknown')) {
    return refusal(
      'access.membership_unknown',
      `Whether ${who} holds ${anyOf(roles)} could not be established: ${firstUnknown(asked)}.`,
      'Try again in a minute; until then the answer is no.',
    );
  }
  const says = (because: Membership['because']) => asked.some((one) => one.because === because);
  if (says('bot')) return refusal('access.bot', `${who} is a bot.`, 'Ask as a person.');
  if (says('inactive')) {
    return refusal(
      'access.inactive',
      `The account of ${who} is deactivated.`,
      'Ask an administrator of the platform.',
    );
  }
  if (says('external')) {
    return refusal(
      'access.external',
      `${who} is from outside the organisation.`,
      'Ask somebody from inside the organisation.',
    );
  }
  if (says('guest')) {
    return refusal('access.guest', `${who} is a guest.`, 'Ask a full member to do it.');
  }
  const tooNew = asked.find(({ because }) => because === 'too_new');
  if (tooNew !== undefined) {
    return refusal(
      'access.too_new',
      `${who} does not hold ${anyOf(roles)} for long enough: ${tooNew.evidence}.`,
      'Ask somebody who has held the role for longer.',
    );
  }
  if (asked.length > 0 && asked.every(({ because }) => because === 'wrong_tenant')) {
    return refusal(
      'access.wrong_tenant',
      `The account of ${who} belongs to another workspace or server.`,
      'Use an account of the configured workspace, or link the two.',
    );
  }
  return missingRole(who, roles);
}

/** The refusal that names the roles that would do. */
export function missingRole(who: string, roles: readonly string[]): Refusal {
  if (roles.length === 0) {
    return refusal(
      'access.missing_role',
      'No role permits this here.',
      'A role with this permission has to be added to the settings.',
    );
  }
  return refusal(
    'access.missing_role',
    `${who} does not hold ${anyOf(roles)}.`,
    `Ask somebody who holds ${anyOf(roles)}.`,
  );
}

function anyOf(roles: readonly string[]): string {
  const quoted = roles.map((role) => `"${role}"`);
  return quoted.length === 1 ? `the role ${quoted[0]}` : `any of the roles ${quoted.join(', ')}`;
}

function firstUnknown(asked: readonly Membership[]): string {
  return asked.find(({ answer }) => answer === 'unknown')?.evidence ?? 'no answer';
}
