import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { createMemoryStore } from '#adapters/memory/store.ts';
import { createIdentities } from '#app/identities.ts';
import { createLinkAccounts, type LinkTransaction } from '#app/link-accounts.ts';
import { type Actor, accountKey } from '#core/people.ts';
import type { Result } from '#core/result.ts';
import { account, settingsWith } from './authority-world.ts';

const snapshot = settingsWith({
  roles: {},
  people: {
    ada: { name: 'Ada Lovelace', accounts: [account('slack:T1/U-ada')] },
    grace: { name: 'Grace Hopper', accounts: [account('slack:T1/U-grace')] },
  },
});

function desk() {
  let now = 1_700_000_000_000;
  let tokens = 0;
  const { store } = createMemoryStore({ clock: { now: () => now } });
  const identities = createIdentities(() => snapshot);
  const links = createLinkAccounts({
    settings: () => snapshot,
    random: {
      token: (bits) => {
        tokens += 1;
        return `token-${bits}-${tokens}`;
      },
    },
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
  });
  async function who(text: string): Promise<Actor> {
    const one = account(text);
    const person = await store.transact((tx) => identities.personOf(tx, one));
    return { person, account: one, displayName: text };
  }
  return {
    store,
    links,
    who,
    pass: (ms: number) => {
      now += ms;
    },
    within: <T>(run: (tx: LinkTransaction) => Promise<T>) => store.transact(run),
    async invite(from: string, resume: unknown = null): Promise<string> {
      const actor = await who(from);
      return (await store.transact((tx) => links.invite(tx, actor, resume))).token;
    },
    async confirm(token: string, by: string) {
      const actor = await who(by);
      return store.transact((tx) => links.confirm(tx, token, actor));
    },
    async look(token: string, by: string) {
      const actor = await who(by);
      return store.transact((tx) => links.look(tx, token, actor));
    },
    events: () => store.transact((tx) => tx.events({ stream: 'identity' })),
  };
}

function codeOf(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.refusal.code;
}

it.each([
  ['a known person invites an unknown account', 'slack:T1/U-ada', 'discord:G1/D1', 'ada'],
  ['an unknown account invites a known person', 'discord:G1/D1', 'slack:T1/U-ada', 'ada'],
  ['two unknown accounts', 'discord:G1/D1', 'slack:T1/U9', 'linked:discord:G1/D1'],
])('%s: both stand for one person', async (_, from, to, person) => {
  const subject = desk();
  const token = await subject.invite(from);
  expect(await subject.look(token, to)).toMatchObject({
    ok: true,
    value: { from: account(from), to: account(to), person },
  });
  expect(codeOf(await subject.confirm(token, to))).toBe('ok');
  expect((await subject.who(from)).person).toBe(person);
  expect((await subject.who(to)).person).toBe(person);
});

it('a third account joins the two', async () => {
  const subject = desk();
  await subject.confirm(await subject.invite('discord:G1/D1'), 'slack:T1/U9');
  await subject.confirm(await subject.invite('slack:T1/U9'), 'console:console/u9');
  expect((await subject.who('console:console/u9')).person).toBe('linked:discord:G1/D1');
});

it('completes the click that asked for it', async () => {
  const subject = desk();
  const click = { deliveryId: '42', content: { kind: 'action', token: 'approve-1' } };
  const token = await subject.invite('discord:G1/D1', click);
  expect(await subject.confirm(token, 'slack:T1/U-ada')).toMatchObject({
    ok: true,
    value: { resume: click },
  });
});

it('records what was linked, by whom and confirmed by whom', async () => {
  const subject = desk();
  await subject.confirm(await subject.invite('discord:G1/D1'), 'slack:T1/U-ada');
  const events = await subject.events();
  expect(events.map(({ kind, body }) => [kind, body['person']])).toEqual([
    ['account.linked', 'ada'],
  ]);
  expect(events[0]?.actor.account).toEqual(account('slack:T1/U-ada'));
  expect(events[0]?.body['account']).toEqual(account('discord:G1/D1'));
});

it('keeps no token that could be used by who reads the database', async () => {
  const subject = desk();
  const token = await subject.invite('discord:G1/D1');
  expect(await subject.within((tx) => tx.ticket(token))).toBeNull();
});

it.each<[string, (subject: ReturnType<typeof desk>, token: string) => Promise<unknown>, string]>([
  ['twice', (subject, token) => subject.confirm(token, 'slack:T1/U-ada'), 'link.expired'],
  ['too late', async (subject) => subject.pass(600_000), 'link.expired'],
])('refuses an invitation %s', async (_, happen, code) => {
  const subject = desk();
  const token = await subject.invite('discord:G1/D1');
  await happen(subject, token);
  expect(codeOf(await subject.look(token, 'slack:T1/U-ada'))).toBe(code);
  expect(codeOf(await subject.confirm(token, 'slack:T1/U-ada'))).toBe(code);
});

it.each([
  ['a token that was never given out', 'guess', 'slack:T1/U-ada', 'link.expired'],
  ['the account that asked', null, 'discord:G1/D1', 'link.wrong_person'],
])('refuses %s', async (_, guess, by, code) => {
  const subject = desk();
  const token = await subject.invite('discord:G1/D1');
  expect(codeOf(await subject.confirm(guess ?? token, by))).toBe(code);
  expect((await subject.who('discord:G1/D1')).person).toBe('discord:G1/D1');
  expect(await subject.events()).toEqual([]);
});

it('never joins two known people', async () => {
  const subject = desk();
  const token = await subject.invite('slack:T1/U-ada');
  expect(codeOf(await subject.confirm(token, 'slack:T1/U-grace'))).toBe('link.already_linked');
  expect((await subject.who('slack:T1/U-grace')).person).toBe('grace');
});

it.each([
  ['an unknown colleague invites a known person', 'slack:T1/U-mallory', 'slack:T1/U-ada'],
  ['a known person invites an unknown colleague', 'slack:T1/U-ada', 'slack:T1/U-mallory'],
  ['two unknown colleagues', 'slack:T1/U1', 'slack:T1/U2'],
])('never gives a person two accounts in one workspace: %s', async (_, from, to) => {
  const subject = desk();
  const token = await subject.invite(from);
  expect(codeOf(await subject.look(token, to))).toBe('link.already_linked');
  expect(codeOf(await subject.confirm(token, to))).toBe('link.already_linked');
  expect(await subject.events()).toEqual([]);
});

it('never gives a person a second account through a third', async () => {
  const subject = desk();
  await subject.confirm(await subject.invite('slack:T1/U-ada'), 'discord:G1/D1');
  const token = await subject.invite('slack:T1/U-mallory');
  expect(codeOf(await subject.confirm(token, 'discord:G1/D1'))).toBe('link.already_linked');
});

it('does not move a linked account to somebody else', async () => {
  const subject = desk();
  await subject.confirm(await subject.invite('slack:T1/U-ada'), 'discord:G1/D1');
  const token = await subject.invite('slack:T1/U-grace');
  expect(codeOf(await subject.confirm(token, 'discord:G1/D1'))).toBe('link.already_linked');
  expect((await subject.who('discord:G1/D1')).person).toBe('ada');
});

it('refuses an invitation whose account changed hands', async () => {
  const subject = desk();
  const token = await subject.invite('discord:G1/D1');
  await subject.confirm(await subject.invite('discord:G1/D1'), 'slack:T1/U-ada');
  expect(codeOf(await subject.confirm(token, 'slack:T1/U7'))).toBe('link.wrong_person');
});

it('uses an invitation once, however many confirm at the same time', async () => {
  const subject = desk();
  const token = await subject.invite('discord:G1/D1');
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => subject.confirm(token, 'slack:T1/U-ada')),
  );
  expect(answers.filter(({ ok }) => ok).length).toBe(1);
  expect((await subject.events()).length).toBe(1);
});

it('unlinks, and says so in the ledger; what the settings say stays', async () => {
  const subject = desk();
  await subject.confirm(await subject.invite('slack:T1/U-ada'), 'discord:G1/D1');
  const by = await subject.who('slack:T1/U-ada');
  const unlink = (text: string) =>
    subject.within((tx) => subject.links.unlink(tx, account(text), by));
  expect(codeOf(await unlink('discord:G1/D1'))).toBe('ok');
  expect((await subject.who('discord:G1/D1')).person).toBe('discord:G1/D1');
  expect(codeOf(await unlink('discord:G1/D1'))).toBe('access.not_linked');
  expect(codeOf(await unlink('slack:T1/U-ada'))).toBe('link.wrong_person');
  expect((await subject.events()).map(({ kind }) => kind)).toEqual([
    'account.linked',
    'account.unlinked',
  ]);
  expect(accountKey(by.account)).toBe('slack:T1/U-ada');
});
