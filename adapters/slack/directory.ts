import { WebAPIPlatformError } from '@slack/web-api';
import { z } from 'zod';
import { Fault } from '#core/fault.ts';
import type { Account, Grant, Membership } from '#core/people.ts';
import type { Clock } from '#ports/clock.ts';
import type { Directory } from '#ports/directory.ts';
import type { Log } from '#ports/log.ts';
import { toFault } from './faults.ts';
import { whyUnsound } from './grant-source.ts';
import type { Installation, Installations } from './installations.ts';
import type { SlackOptions } from './options.ts';
import { whyExcluded } from './who-is.ts';

interface DirectoryParts {
  readonly installations: Installations;
  readonly options: Pick<SlackOptions, 'orgShared'>;
  readonly clock: Clock;
  readonly log: Log;
}

type Answer = Pick<Membership, 'answer' | 'because' | 'evidence'>;

const Members = z.object({
  members: z.array(z.string()),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});
const GroupMembers = z.object({ users: z.array(z.string()) });

/** 200 members a page: channels that grant rights are small; a larger one says `unknown`. */
const pagesMax = 25;

/**
 * Who is in which private channel or user group of Slack, asked live each time: the one cache is
 * the resolver's, which knows when an answer has to be fresh.
 */
export function createSlackDirectory({
  installations,
  options,
  clock,
  log,
}: DirectoryParts): Directory {
  async function answer(grant: Grant, account: Account, time: string): Promise<Answer> {
    const foreign = whyForeign(grant, account);
    if (foreign !== null) return foreign;
    const installation = await installations.of(account.tenant);
    const { read } = installation.clients;
    if (grant.kind !== 'people') {
      const unsound = await whyUnsound(read, grant, options.orgShared);
      if (unsound !== null) return no('bad_source', unsound);
    }
    const excluded = await whyExcluded(read, installation, account.user);
    if (excluded !== null) return no(excluded, `${account.user} is excluded (${excluded})`);
    if (grant.kind === 'people') return yes(`a full member of ${account.tenant} at ${time}`);
    const source = grant.kind === 'channel' ? grant.channel : grant.group;
    const listed = await isListed(installation, grant, account.user);
    if (listed) return yes(`member of ${source} at ${time}`);
    return no('not_member', `not a member of ${source} at ${time}`);
  }

  return {
    platform: 'slack',
    async membership(grant, account) {
      const asOf = clock.now();
      try {
        return { grant, ...(await answer(grant, account, clockOf(asOf))), asOf };
      } catch (error) {
        return { grant, ...unanswered(grant, error, log), asOf };
      }
    },
    async members(grant) {
      if (grant.kind === 'people' || grant.platform !== 'slack') return null;
      try {
        const users: string[] = [];
        const installation = await installations.of(grant.tenant);
        for await (const page of listed(installation, grant)) users.push(...page);
        return users.map((user) => ({ platform: 'slack', tenant: grant.tenant, user }));
      } catch (error) {
        log.warn('Slack does not say who is in a channel that grants a role', { error });
        return null;
      }
    },
    async validateGrant(grant) {
      if (grant.kind === 'people' || grant.platform !== 'slack') {
        return { usable: false, because: 'The grant is not one of Slack.' };
      }
      try {
        const { clients } = await installations.of(grant.tenant);
        const because = await whyUnsound(clients.read, grant, options.orgShared);
        return { usable: because === null, because: because ?? '' };
      } catch (error) {
        const { answer, evidence } = unanswered(grant, error, log);
        return { usable: false, because: sentence(evidence), unsure: answer === 'unknown' };
      }
    },
  };
}

/** What the ids alone already answer. */
function whyForeign(grant: Grant, account: Account): Answer | null {
  if (account.platform !== 'slack') return no('wrong_tenant', 'not an account of Slack');
  if (grant.kind === 'people') return null;
  if (grant.platform !== 'slack') return no('bad_source', 'the grant is not one of Slack');
  if (grant.tenant === account.tenant) return null;
  return no('wrong_tenant', `an account of ${account.tenant}, not of ${grant.tenant}`);
}

async function isListed(
  installation: Installation,
  grant: Exclude<Grant, { kind: 'people' }>,
  user: string,
): Promise<boolean> {
  for await (const users of listed(installation, grant)) if (users.includes(user)) return true;
  return false;
}

/** The members of a channel or user group, page by page. */
async function* listed(
  { clients }: Installation,
  grant: Exclude<Grant, { kind: 'people' }>,
): AsyncGenerator<readonly string[]> {
  if (grant.kind === 'group') {
    const said = await clients.read.usergroups.users.list({ usergroup: grant.group });
    yield GroupMembers.parse(said).users;
    return;
  }
  let cursor = '';
  for (let page = 0; page < pagesMax; page += 1) {
    const asked = { channel: grant.channel, limit: 200, ...(cursor === '' ? {} : { cursor }) };
    const answer = Members.parse(await clients.read.conversations.members(asked));
    yield answer.members;
    cursor = answer.response_metadata?.next_cursor ?? '';
    if (cursor === '') return;
  }
  throw new Fault('directory.unavailable', 'The channel has too many members to look through', {
    retryable: false,
  });
}

/** What an error of Slack says about the question: a plain no, or that nobody knows. */
function unanswered(grant: Grant, error: unknown, log: Log): Answer {
  const fault = error instanceof Fault ? error : toFault(error, { kind: 'read', scope: '' });
  const said = error instanceof WebAPIPlatformError ? error.data.error : null;
  if (said === 'user_not_found' || said === 'user_not_visible') {
    return no('wrong_tenant', 'Slack knows no such user');
  }
  if (said === 'channel_not_found' && grant.kind === 'channel') {
    return no('bad_source', `Slack knows no channel ${grant.channel} that Signalbox is in`);
  }
  if (fault instanceof Fault && fault.code === 'chat.not_allowed' && said === null) {
    return no('wrong_tenant', 'no token is for that workspace');
  }
  log.warn('Slack could not be asked about a membership', { error: fault });
  const evidence = said === null ? 'Slack does not answer' : `Slack answered ${said}`;
  return { answer: 'unknown', because: 'unreachable', evidence };
}

function no(because: NonNullable<Membership['because']>, evidence: string): Answer {
  return { answer: 'no', because, evidence };
}

function yes(evidence: string): Answer {
  return { answer: 'yes', because: null, evidence };
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}

/** `14:02:11Z` */
function clockOf(instant: number): string {
  return Temporal.Instant.fromEpochMilliseconds(instant)
    .toString({ smallestUnit: 'second' })
    .slice(11);
}
