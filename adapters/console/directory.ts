import type { Account, Grant, Membership } from '#core/people.ts';
import type { Clock } from '#ports/clock.ts';
import type { ConsoleAccount } from '#ports/console-store.ts';
import type { Directory } from '#ports/directory.ts';
import type { Store } from '#ports/store.ts';
import { memberBy } from './membership.ts';
import { consoleTenant, type Roster } from './roster.ts';

interface DirectoryParts {
  readonly roster: () => Roster;
  readonly store: Store;
  readonly clock: Clock;
}

/**
 * Who is a member of a console channel: the settings' lists, and the groups that the OIDC issuer
 * named at the last sign-in, for as long as a session lasts.
 */
export function createConsoleDirectory(parts: DirectoryParts): Directory {
  async function membership(grant: Grant, account: Account): Promise<Membership> {
    const now = parts.clock.now();
    const at = `${new Date(now).toISOString().slice(11, 19)}Z`;
    function answer(
      of: Membership['answer'],
      because: Membership['because'],
      evidence: string,
    ): Membership {
      return { grant, answer: of, because, evidence, asOf: now };
    }
    if (grant.kind === 'people' || grant.platform !== 'console') {
      return answer('no', 'bad_source', 'not a grant of the console');
    }
    if (grant.tenant !== consoleTenant) return answer('no', 'bad_source', 'not a console tenant');
    if (account.platform !== 'console' || account.tenant !== consoleTenant) {
      return answer('no', 'wrong_tenant', 'not a console account');
    }
    const known = await lastSignIn(account.user);
    if (known === 'unreachable') {
      return answer('unknown', 'unreachable', `the account could not be looked up at ${at}`);
    }
    if (grant.kind === 'group') return inGroup(grant.group, known, now, at, answer);
    const channel = parts.roster().channels.get(grant.channel);
    if (channel === undefined || channel.open) {
      return answer('no', 'bad_source', `#${grant.channel} is not a members-only channel`);
    }
    const by = memberBy(channel, account.user, fresh(known, now));
    if (by !== null) return answer('yes', null, `member of #${grant.channel} (${by}) at ${at}`);
    if (memberBy(channel, account.user, known) !== null) {
      return answer('unknown', 'unreachable', 'the last sign-in is too long ago: sign in again');
    }
    return answer('no', 'not_member', `not a member of #${grant.channel} at ${at}`);
  }

  function inGroup(
    group: string,
    known: ConsoleAccount | null,
    now: number,
    at: string,
    answer: (
      of: Membership['answer'],
      because: Membership['because'],
      evidence: string,
    ) => Membership,
  ): Membership {
    if (known === null || !known.groups.includes(group)) {
      return answer('no', 'not_member', `not a holder of group ${group} at ${at}`);
    }
    if (fresh(known, now) === null) {
      return answer('unknown', 'unreachable', 'the last sign-in is too long ago: sign in again');
    }
    return answer('yes', null, `holder of group ${group} at ${at}`);
  }

  function fresh(known: ConsoleAccount | null, now: number): ConsoleAccount | null {
    if (known === null) return null;
    return now - known.asOf <= parts.roster().options.sessionHours * 3_600_000 ? known : null;
  }

  async function lastSignIn(user: string): Promise<ConsoleAccount | null | 'unreachable'> {
    if (parts.roster().options.oidc === undefined) return null;
    try {
      return await parts.store.transact((tx) => tx.consoleAccount(user));
    } catch {
      return 'unreachable';
    }
  }

  return {
    platform: 'console',
    membership,
    async validateGrant(grant) {
      if (grant.kind === 'people' || grant.platform !== 'console') {
        return { usable: false, because: 'The grant is not one of the console.' };
      }
      if (grant.tenant !== consoleTenant) {
        return { usable: false, because: `The console's tenant is called ${consoleTenant}.` };
      }
      if (grant.kind === 'group') {
        return parts.roster().options.oidc === undefined
          ? { usable: false, because: 'Groups need an OIDC issuer in the console options.' }
          : { usable: true, because: '' };
      }
      const channel = parts.roster().channels.get(grant.channel);
      if (channel === undefined) {
        return { usable: false, because: `The console has no channel ${grant.channel}.` };
      }
      if (channel.open) {
        return { usable: false, because: `Everybody may enter #${grant.channel}.` };
      }
      return { usable: true, because: '' };
    },
  };
}
