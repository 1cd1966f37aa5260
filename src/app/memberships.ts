import { canonicalJson } from '#core/canonical.ts';
import type { Instant } from '#core/ids.ts';
import { type Account, type Actor, accountKey, type Grant, type Membership } from '#core/people.ts';
import type { Clock } from '#ports/clock.ts';
import type { Directory } from '#ports/directory.ts';

/** How a membership is asked about. */
interface Asked {
  /** Do not answer from memory. */
  readonly fresh: boolean;
  /** Seconds that it has to be old to count. */
  readonly age: number;
}

/** Asks directories whether a person is in a grant, and remembers the answers for a short time. */
export interface Memberships {
  /** `accounts`: all of the person's. One answer per account that could have been a member. */
  ask(
    grant: Grant,
    actor: Actor,
    accounts: readonly Account[],
    asked: Asked,
  ): Promise<readonly Membership[]>;
  forget(platform: string, account: Account | null): void;
}

interface MembershipsNeeds {
  readonly directory: (platform: string) => Directory | undefined;
  readonly clock: Clock;
  /** How long an answer may be used again, in whole seconds. */
  readonly cacheSeconds: () => number;
  /** What a membership counts for that has to be so many seconds old. */
  readonly judgeAge: (membership: Membership, account: Account, age: number) => Promise<Membership>;
}

/** Accounts whose answers are remembered; beyond it the oldest are dropped. */
const mostAccounts = 10_000;

/** Builds the asker. An `unknown` is never remembered, and neither is what was forgotten meanwhile. */
export function createMemberships(needs: MembershipsNeeds): Memberships {
  const answers = new Map<string, Map<string, { membership: Membership; until: Instant }>>();
  let forgotten = 0;

  async function askOne(grant: Grant, account: Account, fresh: boolean): Promise<Membership> {
    const directory = needs.directory(account.platform);
    if (directory === undefined) return withoutDirectory(grant, account, needs.clock.now());
    const key = canonicalJson(grant);
    const known = answers.get(accountKey(account))?.get(key);
    if (!fresh && known !== undefined && needs.clock.now() < known.until) return known.membership;
    const before = forgotten;
    const membership = await directory.membership(grant, account, fresh);
    if (before === forgotten) remember(account, key, membership);
    return membership;
  }

  function remember(account: Account, key: string, membership: Membership): void {
    const own = answers.get(accountKey(account)) ?? new Map();
    if (membership.answer === 'unknown') own.delete(key);
    else own.set(key, { membership, until: needs.clock.now() + needs.cacheSeconds() * 1000 });
    answers.set(accountKey(account), own);
    const oldest = answers.keys().next().value;
    if (answers.size > mostAccounts && oldest !== undefined) answers.delete(oldest);
  }

  return {
    async ask(grant, actor, accounts, { fresh, age }) {
      const now = needs.clock.now();
      if (grant.kind === 'people') {
        if (!grant.people.includes(actor.person)) return [outside(grant, 'not_member', now)];
        return [asListed(await askOne(grant, actor.account, fresh), now)];
      }
      const onPlatform = accounts.filter(({ platform }) => platform === grant.platform);
      if (onPlatform.length === 0) return [outside(grant, 'not_member', now)];
      // A user id means something only inside its own workspace.
      const inTenant = onPlatform.filter(({ tenant }) => tenant === grant.tenant);
      if (inTenant.length === 0) return [outside(grant, 'wrong_tenant', now)];
      const asked: Membership[] = [];
      for (const account of inTenant) {
        const membership = await askOne(grant, account, fresh);
        asked.push(age > 0 ? await needs.judgeAge(membership, account, age) : membership);
      }
      return asked;
    },
    forget(platform, account) {
      forgotten += 1;
      if (account !== null) answers.delete(accountKey(account));
      else
        for (const key of [...answers.keys()])
          if (key.startsWith(`${platform}:`)) answers.delete(key);
    },
  };
}

/** The list decides; the platform only says whether the account as such is excluded. */
function asListed(membership: Membership, now: Instant): Membership {
  const { grant, because } = membership;
  if (because !== 'not_member' && because !== 'bad_source') return membership;
  return { grant, answer: 'yes', because: null, evidence: named(now), asOf: now };
}

function named(now: Instant): string {
  return `named in the settings at ${timeOfDay(now)}`;
}

function withoutDirectory(grant: Grant, account: Account, now: Instant): Membership {
  if (grant.kind !== 'people') {
    return {
      grant,
      answer: 'unknown',
      because: 'unreachable',
      evidence: `nothing can answer for ${account.platform}`,
      asOf: now,
    };
  }
  return {
    grant,
    answer: 'yes',
    because: null,
    evidence: named(now),
    asOf: now,
  };
}

function outside(grant: Grant, because: 'not_member' | 'wrong_tenant', now: Instant): Membership {
  return { grant, answer: 'no', because, evidence: `not in ${sourceOf(grant)}`, asOf: now };
}

function sourceOf(grant: Grant): string {
  if (grant.kind === 'people') return 'the list of people';
  const id = grant.kind === 'channel' ? grant.channel : grant.group;
  return `${grant.kind} ${id} of ${grant.platform}:${grant.tenant}`;
}

function timeOfDay(now: Instant): string {
  return Temporal.Instant.fromEpochMilliseconds(now).toString({ smallestUnit: 'second' }).slice(11);
}
