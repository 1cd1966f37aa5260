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

type Answer = Pick<Membership, 'answer' | 'because' | 'evidence'>;

/**
 * Who is a member of a console channel: the settings' lists, and the groups that the OIDC issuer
 * named at the last sign-in, for as long as a session lasts.
 */
export function createConsoleDirectory(parts: DirectoryParts): Directory {
  async function answer(grant: Grant, account: Account, now: number): Promise<Answer> {
    const objection = excluded(grant, account);
    if (objection !== null) return objection;
    const signedIn = await lastSignIn(account.user);
    if (signedIn === 'unreachable') {
      const evidence = 'the last sign-in could not be looked up';
      return { answer: 'unknown', because: 'unreachable', evidence };
    }
    const recent = isRecent(signedIn, now) ? signedIn : null;
    const by = heldBy(grant, account.user, recent);
    if (by !== null) return { answer: 'yes', because: null, evidence: `${by} at ${clockOf(now)}` };
    if (heldBy(grant, account.user, signedIn) !== null) {
      const evidence = 'the last sign-in is too long ago: sign in again';
      return { answer: 'unknown', because: 'unreachable', evidence };
    }
    const because = isKnown(account.user, signedIn) ? 'not_member' : 'inactive';
    return { answer: 'no', because, evidence: `not a member at ${clockOf(now)}` };
  }

  /** What already decides before anybody is looked up. */
  function excluded(grant: Grant, account: Account): Answer | null {
    const unusable = grant.kind === 'people' ? null : whyUnusable(grant, parts.roster());
    if (unusable !== null) return { answer: 'no', because: 'bad_source', evidence: unusable };
    if (account.platform === 'console' && account.tenant === consoleTenant) return null;
    return { answer: 'no', because: 'wrong_tenant', evidence: 'not a console account' };
  }

  /** An account is one that the settings name, or that has signed in at least once. */
  function isKnown(user: string, signedIn: ConsoleAccount | null): boolean {
    return signedIn !== null || parts.roster().people.some((person) => person.user === user);
  }

  function heldBy(grant: Grant, user: string, account: ConsoleAccount | null): string | null {
    if (grant.kind === 'group') {
      return account?.groups.includes(grant.group) ? `holder of group ${grant.group}` : null;
    }
    if (grant.kind === 'people') return isKnown(user, account) ? 'a known account' : null;
    const channel = parts.roster().channels.get(grant.channel);
    const by = channel === undefined ? null : memberBy(channel, user, account);
    return by === null ? null : `member of #${grant.channel}, ${by},`;
  }

  function isRecent(account: ConsoleAccount | null, now: number): boolean {
    const { sessionHours } = parts.roster().options;
    return account !== null && now - account.asOf <= sessionHours * 3_600_000;
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
    async membership(grant, account) {
      const now = parts.clock.now();
      return { grant, ...(await answer(grant, account, now)), asOf: now };
    },
    async validateGrant(grant) {
      const because = whyUnusable(grant, parts.roster());
      if (because !== null) return { usable: false, because };
      const reachable = parts.roster().options.oidc === undefined || (await parts.store.healthy());
      return reachable
        ? { usable: true, because: '' }
        : {
            usable: false,
            because: 'Nobody can be looked up: the database is out of reach.',
            unsure: true,
          };
    },
  };
}

/** Why a grant gives nothing, one plain sentence; null when it is sound. */
function whyUnusable(grant: Grant, roster: Roster): string | null {
  if (grant.kind === 'people' || grant.platform !== 'console') {
    return 'The grant is not one of the console.';
  }
  if (grant.tenant !== consoleTenant) return `The console's tenant is called ${consoleTenant}.`;
  if (grant.kind === 'group') {
    return roster.options.oidc === undefined
      ? 'Groups need an OIDC issuer in the options of the console.'
      : null;
  }
  const channel = roster.channels.get(grant.channel);
  if (channel === undefined) return `The console has no channel ${grant.channel}.`;
  return channel.open ? `Everybody may enter #${grant.channel}, so it grants nothing.` : null;
}

/** `14:02:11Z` */
function clockOf(instant: number): string {
  return `${new Date(instant).toISOString().slice(11, 19)}Z`;
}
