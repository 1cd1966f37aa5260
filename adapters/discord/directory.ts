import { z } from 'zod';
import type { Account, Grant, Membership } from '#core/people.ts';
import { shareWork } from '#core/share-work.ts';
import type { Clock } from '#ports/clock.ts';
import type { Directory } from '#ports/directory.ts';
import type { Log } from '#ports/log.ts';
import { codeOf } from './faults.ts';
import { type GuildRole, mayView, type Overwrite } from './permissions.ts';
import type { DiscordRest } from './rest.ts';

const Member = z.object({
  user: z.object({ id: z.string(), bot: z.boolean().default(false) }),
  roles: z.array(z.string()),
  pending: z.boolean().default(false),
  communication_disabled_until: z.string().nullish(),
});
type Member = z.infer<typeof Member>;
const Roles = z.array(
  z.object({
    id: z.string(),
    permissions: z.string(),
    managed: z.boolean().default(false),
    tags: z.record(z.string(), z.unknown()).default({}),
  }),
);
const Channel = z.object({
  guild_id: z.string().optional(),
  permission_overwrites: z
    .array(z.object({ id: z.string(), type: z.number(), allow: z.string(), deny: z.string() }))
    .default([]),
});

/** How long a question may wait for its bucket: a decision may take this long. */
const patienceMs = 30_000;

type Answer = Pick<Membership, 'answer' | 'because' | 'evidence'>;
type Source = Exclude<Grant, { kind: 'people' }>;

/** What a grant looks like to Discord; `unsound` says in a sentence why it gives no rights. */
interface Sight {
  readonly unsound: string | null;
  readonly roles: readonly GuildRole[];
  readonly overwrites: readonly Overwrite[];
}

/**
 * Who holds a role, or sees a private channel, asked live each time. Being the owner or an
 * administrator counts for nothing.
 */
export function createDiscordDirectory(parts: {
  readonly rest: DiscordRest;
  readonly guilds: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
}): Directory {
  const { guilds, clock, log } = parts;
  // Many may press at once: a decision rather waits than fails, and equal questions are asked once.
  const questions = shareWork<unknown>();
  const read = (path: `/${string}`) =>
    questions(path, () => parts.rest.ask({ method: 'GET', path, patienceMs }));

  async function look(grant: Source): Promise<Sight> {
    const none = { roles: [], overwrites: [] };
    if (grant.platform !== 'discord' || !guilds.includes(grant.tenant)) {
      return { ...none, unsound: 'Signalbox does not serve that server.' };
    }
    const roles = Roles.parse(await read(`/guilds/${grant.tenant}/roles`));
    if (grant.kind === 'group') return { ...none, roles, unsound: whyRoleUnsound(grant, roles) };
    const channel = Channel.parse(await read(`/channels/${grant.channel}`));
    const { guild_id, permission_overwrites: overwrites } = channel;
    if (guild_id !== grant.tenant) {
      return { roles, overwrites, unsound: 'The channel is not in that server.' };
    }
    const open = mayView({ guild: grant.tenant, user: '', roles: [] }, roles, overwrites);
    const unsound = open ? `Everybody sees ${grant.channel}, so it grants nothing.` : null;
    return { roles, overwrites, unsound };
  }

  async function answer(grant: Grant, account: Account, time: string): Promise<Answer> {
    const foreign = whyForeign(grant, account, guilds);
    if (foreign !== null) return foreign;
    const sight = grant.kind === 'people' ? null : await look(grant);
    if (sight?.unsound != null) return no('bad_source', sight.unsound);
    const member = Member.parse(
      await read(`/guilds/${account.tenant}/members/${encodeURIComponent(account.user)}`),
    );
    const excluded = exclusionOf(member, clock.now());
    if (excluded !== null) return no(excluded, `${account.user} is excluded (${excluded})`);
    if (grant.kind === 'people' || sight === null) {
      return yes(`a full member of ${account.tenant} at ${time}`);
    }
    return counted(grant, member, sight, time);
  }

  return {
    platform: 'discord',
    async membership(grant, account) {
      const asOf = clock.now();
      try {
        return { grant, ...(await answer(grant, account, clockOf(asOf))), asOf };
      } catch (error) {
        return { grant, ...unanswered(error, log), asOf };
      }
    },
    async validateGrant(grant) {
      if (grant.kind === 'people' || grant.platform !== 'discord') {
        return { usable: false, because: 'The grant is not one of Discord.' };
      }
      try {
        const { unsound } = await look(grant);
        return { usable: unsound === null, because: unsound ?? '' };
      } catch (error) {
        const { answer, evidence } = unanswered(error, log);
        return { usable: false, because: `${evidence}.`, unsure: answer === 'unknown' };
      }
    },
  };
}

/** What the ids alone already answer. */
function whyForeign(grant: Grant, account: Account, guilds: readonly string[]): Answer | null {
  if (account.platform !== 'discord' || !guilds.includes(account.tenant)) {
    return no('wrong_tenant', 'not an account of a server that is served');
  }
  if (grant.kind === 'people' || grant.tenant === account.tenant) return null;
  return no('wrong_tenant', `an account of ${account.tenant}, not of ${grant.tenant}`);
}

function counted(grant: Source, member: Member, sight: Sight, time: string): Answer {
  if (grant.kind === 'group') {
    return member.roles.includes(grant.group)
      ? yes(`holds role ${grant.group} at ${time}`)
      : no('not_member', `does not hold role ${grant.group} at ${time}`);
  }
  const who = { guild: grant.tenant, user: member.user.id, roles: member.roles };
  return mayView(who, sight.roles, sight.overwrites)
    ? yes(`sees channel ${grant.channel} at ${time}`)
    : no('not_member', `does not see channel ${grant.channel} by roles at ${time}`);
}

/** Roles that people can get by themselves, or that belong to integrations, give no rights. */
function whyRoleUnsound(
  grant: Extract<Source, { kind: 'group' }>,
  roles: z.infer<typeof Roles>,
): string | null {
  const role = roles.find(({ id }) => id === grant.group);
  if (role === undefined) return `Discord knows no role ${grant.group} in that server.`;
  if (role.id === grant.tenant) return 'Everybody holds @everyone, so it grants nothing.';
  if (role.managed) return `The role ${grant.group} is managed by an integration.`;
  const selfService = ['guild_connections', 'available_for_purchase', 'premium_subscriber'];
  return selfService.some((tag) => tag in role.tags)
    ? `People can get the role ${grant.group} by themselves.`
    : null;
}

function exclusionOf(member: Member, now: number): Membership['because'] {
  if (member.user.bot) return 'bot';
  if (member.pending) return 'guest';
  const until = member.communication_disabled_until ?? null;
  // A time that cannot be read counts as one that is not over.
  return until !== null && !(Date.parse(until) <= now) ? 'inactive' : null;
}

/** What an error of Discord says about the question: a plain no, or that nobody knows. */
function unanswered(error: unknown, log: Log): Answer {
  const code = codeOf(error);
  if (code === 10_007 || code === 10_013) return no('not_member', 'not a member of the server');
  if (code === 10_003 || code === 50_001) {
    return no('bad_source', 'Discord shows no such channel or server to Signalbox');
  }
  log.warn('Discord could not be asked about a membership', { error });
  return { answer: 'unknown', because: 'unreachable', evidence: 'Discord does not answer' };
}

function no(because: NonNullable<Membership['because']>, evidence: string): Answer {
  return { answer: 'no', because, evidence };
}

function yes(evidence: string): Answer {
  return { answer: 'yes', because: null, evidence };
}

/** `14:02:11Z` */
function clockOf(instant: number): string {
  return Temporal.Instant.fromEpochMilliseconds(instant)
    .toString({ smallestUnit: 'second' })
    .slice(11);
}
