import { describe, expect, it } from 'vitest';
import { createJournal } from '#adapters/memory/store/journal.ts';
import { createMemorySightings } from '#adapters/memory/store/sightings.ts';
import { createAuthority } from '#app/resolve-authority.ts';
import type { SettingsSnapshot } from '#app/world.ts';
import { type Account, accountKey, type Membership } from '#core/people.ts';
import type { Permission } from '#core/permission.ts';
import type { RefusalCode } from '#core/refusal.ts';
import { account, inboundFrom, settingsWith, tableDirectory } from './authority-world.ts';

const channel = (platform: string, tenant: string, id: string) => ({
  kind: 'channel',
  platform,
  tenant,
  channel: id,
});

const roles = {
  engineer: { may: ['view', 'deploy'], from: [channel('slack', 'T1', 'C-eng')] },
  approver: {
    may: ['approve'],
    environments: ['production'],
    from: [channel('slack', 'T1', 'C-appr')],
  },
  oncall: {
    may: ['rollback'],
    from: [
      { kind: 'people', people: ['linus'] },
      { kind: 'group', platform: 'discord', tenant: 'G1', group: 'R1' },
    ],
  },
};
const people = {
  ada: {
    name: 'Ada Lovelace',
    accounts: [account('slack:T1/U-ada'), account('discord:G1/D-ada')],
  },
  linus: { name: 'Linus', accounts: [account('slack:T1/U-linus')] },
};

type Answer = Membership['because'] | 'yes' | 'unknown';

function world(
  table: Readonly<Record<string, Answer>> = {},
  snapshot: SettingsSnapshot = settingsWith({ roles, people }),
) {
  const answers = new Map(Object.entries(table));
  const slack = tableDirectory('slack', answers);
  const discord = tableDirectory('discord', answers);
  const links = new Map<string, { account: Account; person: string }>();
  let now = 1_700_000_000_000;
  const authority = createAuthority({
    settings: () => snapshot,
    directory: (platform) => ({ slack, discord })[platform],
    clock: { now: () => now },
    store: {
      transact: (read) =>
        read({
          ...createMemorySightings(createJournal()),
          now,
          personOf: async (one) => links.get(accountKey(one))?.person ?? null,
          accountsOf: async (person) =>
            [...links.values()]
              .filter((link) => link.person === person)
              .map((link) => link.account),
        }),
    },
  });
  return {
    authority,
    answers,
    slack,
    link: (text: string, person: string) => links.set(text, { account: account(text), person }),
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
  };
}

async function ask(
  { authority }: ReturnType<typeof world>,
  who: string,
  permission: Permission,
  fresh = true,
  environment = 'production',
): Promise<RefusalCode | string> {
  const identity = await authority.identify(inboundFrom(who));
  if (!identity.ok) return identity.refusal.code;
  const scope = { service: 'shop', environment };
  const answer = await authority.authorise(identity.value, permission, scope, fresh);
  return answer.ok ? answer.value.role : answer.refusal.code;
}

describe('identity', () => {
  it('knows the people of the settings, by ids', async () => {
    const identity = await world().authority.identify(inboundFrom('discord:G1/D-ada'));
    expect(identity).toMatchObject({
      ok: true,
      value: { person: 'ada', displayName: 'Ada Lovelace' },
    });
  });

  it.each([
    ['a display name equal to a person', inboundFrom('slack:T1/U-x', { displayName: 'ada' })],
    ['a homoglyph', inboundFrom('slack:T1/U-x', { displayName: '\u0430da' })],
    ['the user id in another workspace', inboundFrom('slack:T2/U-ada')],
    ['the user id on another platform', inboundFrom('discord:T1/U-ada')],
  ])('is nobody known: %s', async (_, inbound) => {
    const identity = await world().authority.identify(inbound);
    expect(identity).toMatchObject({ ok: true, value: { person: accountKey(inbound.account) } });
  });

  it('knows linked accounts', async () => {
    const subject = world();
    subject.link('slack:T9/U-home', 'ada');
    const identity = await subject.authority.identify(inboundFrom('slack:T9/U-home'));
    expect(identity).toMatchObject({ ok: true, value: { person: 'ada' } });
  });

  it('lets the settings go before a link', async () => {
    const subject = world();
    subject.link('slack:T1/U-ada', 'mallory');
    const identity = await subject.authority.identify(inboundFrom('slack:T1/U-ada'));
    expect(identity).toMatchObject({ ok: true, value: { person: 'ada' } });
  });

  it.each([
    ['bot', 'access.bot'],
    ['guest', 'access.guest'],
    ['external', 'access.external'],
    ['wrong_context', 'access.wrong_context'],
  ] as const)('refuses %s', async (excluded, code) => {
    const inbound = inboundFrom('slack:T1/U-ada', { excluded: [excluded] });
    expect(await world().authority.identify(inbound)).toMatchObject({
      ok: false,
      refusal: { code },
    });
  });
});

describe('authorise', () => {
  const inEng = 'slack:T1/U-ada C-eng';
  it.each<[string, Record<string, Answer>, string, Permission, string, string]>([
    ['a member', { [inEng]: 'yes' }, 'slack:T1/U-ada', 'deploy', 'staging', 'engineer'],
    ['no member', {}, 'slack:T1/U-ada', 'deploy', 'staging', 'access.missing_role'],
    [
      'a member, asked from another platform',
      { [inEng]: 'yes' },
      'discord:G1/D-ada',
      'deploy',
      'staging',
      'engineer',
    ],
    [
      'the same user id in another workspace',
      { 'slack:T2/U-ada C-eng': 'yes' },
      'slack:T2/U-ada',
      'deploy',
      'staging',
      'access.wrong_tenant',
    ],
    ['guest', { [inEng]: 'guest' }, 'slack:T1/U-ada', 'deploy', 'staging', 'access.guest'],
    ['external', { [inEng]: 'external' }, 'slack:T1/U-ada', 'deploy', 'staging', 'access.external'],
    ['bot', { [inEng]: 'bot' }, 'slack:T1/U-ada', 'deploy', 'staging', 'access.bot'],
    ['inactive', { [inEng]: 'inactive' }, 'slack:T1/U-ada', 'deploy', 'staging', 'access.inactive'],
    [
      'a channel that has become shared',
      { [inEng]: 'bad_source' },
      'slack:T1/U-ada',
      'deploy',
      'staging',
      'access.missing_role',
    ],
    [
      'directory down',
      { [inEng]: 'unknown' },
      'slack:T1/U-ada',
      'deploy',
      'staging',
      'access.membership_unknown',
    ],
    [
      'a role outside its environments',
      { 'slack:T1/U-ada C-appr': 'yes' },
      'slack:T1/U-ada',
      'approve',
      'staging',
      'access.missing_role',
    ],
    [
      'a role in its environment',
      { 'slack:T1/U-ada C-appr': 'yes' },
      'slack:T1/U-ada',
      'approve',
      'production',
      'approver',
    ],
    ['a list of people', {}, 'slack:T1/U-linus', 'rollback', 'production', 'oncall'],
    [
      'a list of people, account deactivated',
      { 'slack:T1/U-linus people': 'inactive' },
      'slack:T1/U-linus',
      'rollback',
      'production',
      'access.inactive',
    ],
    [
      'a platform role',
      { 'discord:G1/D-ada R1': 'yes' },
      'slack:T1/U-ada',
      'rollback',
      'production',
      'oncall',
    ],
    [
      'a permission that no role gives',
      {},
      'slack:T1/U-ada',
      'break-glass',
      'production',
      'access.missing_role',
    ],
  ])('%s', async (_, table, who, permission, environment, expected) => {
    expect(await ask(world(table), who, permission, true, environment)).toBe(expected);
  });

  it('says on what evidence', async () => {
    const subject = world({ [inEng]: 'yes' });
    const identity = await subject.authority.identify(inboundFrom('slack:T1/U-ada'));
    if (!identity.ok) throw new Error('refused');
    const scope = { service: 'shop', environment: 'staging' };
    const answer = await subject.authority.authorise(identity.value, 'deploy', scope, true);
    expect(answer).toMatchObject({
      value: { role: 'engineer', evidence: [{ answer: 'yes', evidence: 'yes in C-eng' }] },
    });
  });

  it('names the roles that would do', async () => {
    const subject = world();
    expect(
      subject.authority.rolesFor('deploy', { service: 'shop', environment: 'staging' }),
    ).toEqual(['engineer']);
    expect(subject.authority.rolesFor('approve', { service: null, environment: null })).toEqual([]);
  });
});

describe('more than one workspace can vouch', () => {
  const two = settingsWith({
    roles: {
      approver: {
        may: ['approve', 'deploy'],
        from: [channel('slack', 'T1', 'C-appr'), channel('discord', 'G1', 'C-appr')],
      },
    },
    people,
  });
  const table = { 'slack:T1/U-new C-appr': 'yes', 'slack:T1/U-ada C-appr': 'yes' } as const;

  it('refuses the approval of an unlinked account', async () => {
    expect(await ask(world(table, two), 'slack:T1/U-new', 'approve')).toBe('access.not_linked');
  });

  it('takes it once linked', async () => {
    const subject = world(table, two);
    subject.link('slack:T1/U-new', 'linked:slack:T1/U-new');
    expect(await ask(subject, 'slack:T1/U-new', 'approve')).toBe('approver');
    expect(await ask(subject, 'slack:T1/U-ada', 'approve')).toBe('approver');
  });

  it('lets unlinked accounts do what needs no counting', async () => {
    expect(await ask(world(table, two), 'slack:T1/U-new', 'deploy')).toBe('approver');
  });
});

describe('freshness', () => {
  const table = { 'slack:T1/U-ada C-eng': 'yes' } as const;

  it('reuses an answer for display, never for a decision', async () => {
    const subject = world(table);
    expect(await ask(subject, 'slack:T1/U-ada', 'deploy', false)).toBe('engineer');
    subject.answers.clear();
    expect(await ask(subject, 'slack:T1/U-ada', 'deploy', false)).toBe('engineer');
    expect(await ask(subject, 'slack:T1/U-ada', 'deploy', true)).toBe('access.missing_role');
    expect(await ask(subject, 'slack:T1/U-ada', 'deploy', false)).toBe('access.missing_role');
  });

  it.each<[string, (subject: ReturnType<typeof world>) => void]>([
    ['after its time', (subject) => subject.pass(30)],
    [
      'when the account is forgotten',
      ({ authority }) => authority.forget('slack', account('slack:T1/U-ada')),
    ],
    ['when the platform is forgotten', ({ authority }) => authority.forget('slack', null)],
  ])('asks again %s', async (_, happen) => {
    const subject = world(table);
    await ask(subject, 'slack:T1/U-ada', 'deploy', false);
    subject.answers.clear();
    happen(subject);
    expect(await ask(subject, 'slack:T1/U-ada', 'deploy', false)).toBe('access.missing_role');
  });

  it('remembers what it knows, and never that it does not know', async () => {
    const subject = world({ 'slack:T1/U-ada C-eng': 'unknown' });
    expect(await ask(subject, 'slack:T1/U-ada', 'deploy', false)).toBe('access.membership_unknown');
    subject.answers.set('slack:T1/U-ada C-eng', 'yes');
    expect(await ask(subject, 'slack:T1/U-ada', 'deploy', false)).toBe('engineer');
    const calls = subject.slack.calls();
    await ask(subject, 'slack:T1/U-ada', 'deploy', false);
    expect(subject.slack.calls()).toBe(calls);
  });

  it('asks again at the moment of effect', async () => {
    const subject = world(table);
    const identity = await subject.authority.identify(inboundFrom('slack:T1/U-ada'));
    if (!identity.ok) throw new Error('refused');
    const scope = { service: 'shop', environment: 'staging' };
    const { authority } = subject;
    expect(await authority.holdsRole(identity.value, 'engineer', scope)).toMatchObject({
      ok: true,
    });
    subject.answers.clear();
    expect(await authority.holdsRole(identity.value, 'engineer', scope)).toMatchObject({
      ok: false,
      refusal: { code: 'access.missing_role' },
    });
    expect(await authority.holdsRole(identity.value, 'no-such-role', scope)).toMatchObject({
      ok: false,
    });
    expect(await authority.holdsRole(identity.value, 'approver', scope)).toMatchObject({
      ok: false,
    });
  });
});

it('explains every role', async () => {
  const subject = world({ 'slack:T1/U-ada C-eng': 'yes', 'slack:T1/U-ada C-appr': 'unknown' });
  const identity = await subject.authority.identify(inboundFrom('slack:T1/U-ada'));
  if (!identity.ok) throw new Error('refused');
  expect(await subject.authority.standing(identity.value)).toMatchObject([
    { role: 'approver', answer: 'unknown' },
    { role: 'engineer', answer: 'yes', evidence: 'yes in C-eng' },
    { role: 'oncall', answer: 'no' },
  ]);
});

it('grants nothing by a channel of a platform without a directory', async () => {
  const snapshot = settingsWith({
    roles: { engineer: { may: ['deploy'], from: [channel('matrix', 'M1', 'C1')] } },
  });
  expect(await ask(world({}, snapshot), 'matrix:M1/U1', 'deploy')).toBe(
    'access.membership_unknown',
  );
});
