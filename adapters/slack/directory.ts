import { WebAPIPlatformError } from '@slack/web-api';
import { z } from 'zod';
import { Fault } from '#core/fault.ts';
import type { Account, Grant, Membership } from '#core/people.ts';
import { shareWork } from '#core/share-work.ts';
import type { Clock } from '#ports/clock.ts';
import type { Directory } from '#ports/directory.ts';
import type { Log } from '#ports/log.ts';
import { toFault } from './faults.ts';
import { whyUnsound } from './grant-source.ts';
import type { Installation, Installations } from './installations.ts';
import type { SlackOptions } from './options.ts';
import type { Ask } from './reads.ts';

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

type Source = Exclude<Grant, { kind: 'people' }>;

/** Slack takes less than 1,000; fewer pages are fewer calls of a method that has a pace. */
const pageSize = 500;
/** Channels that grant rights are small; one with more pages says `unknown`. */
const pagesMax = 25;

/**
 * Who is in which private channel or user group of Slack, asked live each time: the one cache is
 * the resolver's, which knows when an answer has to be fresh. Under Slack's pace a question waits.
 */
export function createSlackDirectory({
  installations,
  options,
  clock,
  log,
}: DirectoryParts): Directory {
  const lists = shareWork<readonly string[]>();

  async function answer(grant: Grant, account: Account, fresh: boolean): Promise<Answer> {
    const foreign = whyForeign(grant, account);
    if (foreign !== null) return foreign;
    const installation = await installations.of(account.tenant);
    const { decide, show } = installation.clients.reads;
    const ask = fresh ? decide : show;
    // All at once: a person waits for the slowest answer, not for their sum. The first that objects counts.
    const { user } = account;
    const objections = [
      ...(grant.kind === 'people' ? [] : [unsoundness(ask, grant)]),
      exclusion(ask, installation, user),
      ...(grant.kind === 'people' ? [] : [absence(installation, grant, { user, fresh })]),
    ];
    await Promise.allSettled(objections);
    for (const objection of objections) {
      const found = await objection;
      if (found !== null) return found;
    }
    const where =
      grant.kind === 'people' ? `a full member of ${account.tenant}` : `member of ${idOf(grant)}`;
    return yes(`${where} at ${clockOf(clock.now())}`);
  }

  async function unsoundness(ask: Ask, grant: Source): Promise<Answer | null> {
    const unsound = await whyUnsound(ask, grant, options.orgShared);
    return unsound === null ? null : no('bad_source', unsound);
  }

  async function exclusion(
    ask: Ask,
    installation: Installation,
    user: string,
  ): Promise<Answer | null> {
    const excluded = await whyExcluded(ask, installation, user);
    return excluded === null ? null : no(excluded, `${user} is excluded (${excluded})`);
  }

  async function absence(
    { clients, tenant }: Installation,
    grant: Source,
    { user, fresh }: { readonly user: string; readonly fresh: boolean },
  ): Promise<Answer | null> {
    const ask = fresh ? clients.reads.decide : clients.reads.show;
    const users = await lists(`${tenant} ${idOf(grant)} ${fresh}`, () => listed(ask, grant));
    return users.includes(user)
      ? null
      : no('not_member', `not a member of ${idOf(grant)} at ${clockOf(clock.now())}`);
  }

  return {
    platform: 'slack',
    async membership(grant, account, fresh) {
      const found = await answer(grant, account, fresh).catch((error: unknown) =>
        unanswered(grant, error, log),
      );
      return { grant, ...found, asOf: clock.now() };
    },
    async members(grant) {
      if (grant.kind === 'people' || grant.platform !== 'slack') return null;
      try {
        const { clients } = await installations.of(grant.tenant);
        const users = await listed(clients.reads.show, grant);
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
        const because = await whyUnsound(clients.reads.show, grant, options.orgShared);
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

function idOf(grant: Source): string {
  return grant.kind === 'channel' ? grant.channel : grant.group;
}

/** All members of a channel or user group. */
async function listed(ask: Ask, grant: Source): Promise<readonly string[]> {
  if (grant.kind === 'group') {
    const said = await ask('usergroups.users.list', { usergroup: grant.group });
    return GroupMembers.parse(said).users;
  }
  const users: string[] = [];
  let cursor = '';
  for (let page = 0; page < pagesMax; page += 1) {
    const asked = { channel: grant.channel, limit: pageSize, ...(cursor === '' ? {} : { cursor }) };
    const answer = Members.parse(await ask('conversations.members', asked));
    users.push(...answer.members);
    cursor = answer.response_metadata?.next_cursor ?? '';
    if (cursor === '') return users;
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
