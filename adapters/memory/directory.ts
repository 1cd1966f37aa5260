import type { Account, Grant, Membership } from '#core/people.ts';
import type { Clock } from '#ports/clock.ts';
import type { Directory } from '#ports/directory.ts';

/** What an account is on the platform. */
export type Standing = 'member' | 'guest' | 'external' | 'bot' | 'inactive';

/** A channel as the platform knows it. */
export interface MemoryChannel {
  readonly private: boolean;
  /** Shared with another organisation. */
  readonly shared: boolean;
  readonly archived: boolean;
}

/** The directory, and the workspace behind it for tests to change. */
export interface MemoryDirectory {
  readonly directory: Directory;
  readonly world: {
    /** Makes an account of the tenant known. */
    person(user: string, standing?: Standing): Account;
    channel(id: string, kind?: Partial<MemoryChannel>): Grant;
    group(id: string): Grant;
    join(grant: Grant, account: Account): void;
    leave(grant: Grant, account: Account): void;
    setStanding(account: Account, standing: Standing): void;
    /** While true, nothing can be asked. */
    outage(on: boolean): void;
    /** How often the source was asked. */
    asked(): number;
  };
}

/** Members, guests, externals, bots, channels and groups of one workspace, in memory. */
export function createMemoryDirectory(options: {
  readonly platform: string;
  readonly tenant: string;
  readonly clock: Clock;
}): MemoryDirectory {
  const { platform, tenant, clock } = options;
  const people = new Map<string, Standing>();
  const channels = new Map<string, MemoryChannel>();
  const groups = new Set<string>();
  const members = new Map<string, Set<string>>();
  let down = false;
  let count = 0;

  function sourceProblem(grant: Grant): string | null {
    if (grant.kind === 'people') return null;
    if (grant.platform !== platform || grant.tenant !== tenant) {
      return `${grant.platform}/${grant.tenant} is not this workspace.`;
    }
    if (grant.kind === 'group') {
      return groups.has(grant.group) ? null : `There is no group ${grant.group}.`;
    }
    return channelProblem(grant.channel, channels.get(grant.channel));
  }

  function answer(grant: Grant, account: Account): Pick<Membership, 'answer' | 'because'> {
    if (account.tenant !== tenant || account.platform !== platform) {
      return { answer: 'no', because: 'wrong_tenant' };
    }
    if (sourceProblem(grant) !== null) return { answer: 'no', because: 'bad_source' };
    const standing = people.get(account.user);
    if (standing === undefined) return { answer: 'no', because: 'not_member' };
    if (standing !== 'member') return { answer: 'no', because: standing };
    const belongs = grant.kind === 'people' || members.get(sourceName(grant))?.has(account.user);
    return belongs ? { answer: 'yes', because: null } : { answer: 'no', because: 'not_member' };
  }

  const directory: Directory = {
    platform,
    async membership(grant, account) {
      count += 1;
      const asOf = clock.now();
      const found = down
        ? ({ answer: 'unknown', because: 'unreachable' } as const)
        : answer(grant, account);
      const place = sourceName(grant);
      const evidence =
        found.answer === 'yes'
          ? `member of ${place}`
          : `not counted in ${place}: ${found.because ?? ''}`;
      return { grant, ...found, evidence, asOf };
    },
    async members(grant) {
      if (down || grant.kind === 'people' || sourceProblem(grant) !== null) return null;
      const users = members.get(sourceName(grant)) ?? [];
      return [...users].map((user) => ({ platform, tenant, user }));
    },
    async validateGrant(grant) {
      if (down) return { usable: false, because: 'The workspace cannot be reached.', unsure: true };
      const because = sourceProblem(grant);
      return { usable: because === null, because: because ?? '' };
    },
  };

  return {
    directory,
    world: {
      person(user, standing = 'member') {
        people.set(user, standing);
        return { platform, tenant, user };
      },
      channel(id, kind = {}) {
        channels.set(id, { private: true, shared: false, archived: false, ...kind });
        return { kind: 'channel', platform, tenant, channel: id };
      },
      group(id) {
        groups.add(id);
        return { kind: 'group', platform, tenant, group: id };
      },
      join(grant, account) {
        const name = sourceName(grant);
        members.set(name, (members.get(name) ?? new Set()).add(account.user));
      },
      leave(grant, account) {
        members.get(sourceName(grant))?.delete(account.user);
      },
      setStanding(account, standing) {
        people.set(account.user, standing);
      },
      outage(on) {
        down = on;
      },
      asked: () => count,
    },
  };
}

function channelProblem(id: string, channel: MemoryChannel | undefined): string | null {
  if (channel === undefined) return `There is no channel ${id}.`;
  if (channel.archived) return `${id} is archived.`;
  if (channel.shared) return `${id} is shared with another organisation.`;
  return channel.private ? null : `${id} is public: anybody can join it.`;
}

function sourceName(grant: Grant): string {
  switch (grant.kind) {
    case 'channel':
      return grant.channel;
    case 'group':
      return grant.group;
    case 'people':
      return 'the settings';
  }
}
