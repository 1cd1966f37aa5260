import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createReader } from '#app/read-model.ts';
import { createAuthority } from '#app/resolve-authority.ts';
import { tendPlaces } from '#app/tend-places.ts';
import * as commands from '#commands/index.ts';
import { busWorld, buttonsOf, outcome } from '../app/bus-world.ts';

type World = ReturnType<typeof busWorld>;

async function done(world: World, text: string, by = 'ada') {
  const reply = await world.say(text, by);
  expect(outcome(reply), reply.view.summary).toBe('done');
  return reply;
}

function words(reply: { readonly view: unknown }): string {
  return JSON.stringify(reply.view);
}

/** What a person was told alone, as one text. */
async function told(world: World, user: string): Promise<string> {
  const due = await world.store.transact((tx) => tx.dueSurfaces(world.now() + 1, 100));
  return JSON.stringify(due.filter((one) => one.account?.user === user).map((one) => one.desired));
}

describe('the registry of commands', () => {
  it('has one line for each file', () => {
    const files = readdirSync(new URL('../../commands', import.meta.url))
      .filter((file) => file !== 'index.ts')
      .map((file) => file.replace(/\.ts$/, ''));
    const names = Object.values(commands).map(({ name }) => name);
    expect(names.sort()).toEqual(files.sort());
  });

  it('has for each command a summary, and examples that can be read', async () => {
    const { bus } = busWorld();
    for (const { name, summary, examples } of bus.commands) {
      expect(summary, name).toMatch(/^[A-Z].*\.$/);
      expect(examples.length, name).toBeGreaterThan(0);
      for (const example of examples) expect(example.split(' ')[0]).toBe(name);
    }
  });

  it('reads its own examples', async () => {
    const world = busWorld((text) => {
      Object.assign(text.services, { api: text.services.shop });
    });
    for (const { examples } of world.bus.commands) {
      for (const example of examples) {
        const code = outcome(await world.say(example));
        expect(['command.syntax', 'command.unknown'], example).not.toContain(code);
      }
    }
  });
});

describe('deploying', () => {
  it('says where it goes when no environment was named, and never takes production for it', async () => {
    const world = busWorld();
    const reply = await done(world, 'deploy shop v2');
    expect(reply.rollout).toBe('shop-1');
    expect(words(reply)).toContain('No environment was named, so it goes to staging.');
    const only = busWorld((text) => {
      Reflect.deleteProperty(text.services.shop.environments, 'staging');
    });
    expect(outcome(await only.say('deploy shop v2'))).toBe('command.syntax');
    const chosen = busWorld((text) => {
      Object.assign(text.services.shop, { defaultEnvironment: 'production' });
    });
    expect(words(await done(chosen, 'deploy shop v2'))).toContain('goes to production');
  });

  it('goes from request over approval to live, and back', async () => {
    const world = busWorld();
    const { rollout } = await done(world, 'deploy shop v2 to production because new');
    await world.drive(2);
    const card = await done(world, `show ${rollout}`);
    const press = buttonsOf(card)['Approve v2 for production'] ?? 'none';
    expect(outcome(await world.press(press, 'grace'))).toBe('done');
    expect(outcome(await world.press(press, 'linus'))).toBe('done');
    await world.drive(160);
    expect((await world.read('shop-1')).phase).toBe('succeeded');

    const over = await done(world, `show ${rollout}`);
    const back = buttonsOf(over)['Roll back to v1'] ?? 'none';
    const reply = await world.press(back);
    expect(outcome(reply)).toBe('done');
    await world.drive(30);
    const second = await world.read('shop-2');
    expect(second).toMatchObject({ intent: 'rollback', phase: 'succeeded' });
    expect(second.artifact.version).toBe('v1');
  });

  it('queues a second release with its place and time, and tells the one who lost it', async () => {
    const world = busWorld();
    await done(world, 'deploy shop v2 to production');
    await world.drive(2);
    await done(world, 'approve shop-1', 'grace');
    await world.drive(10);
    const second = await done(world, 'deploy shop v3 to production', 'bob');
    expect(words(second)).toMatch(/It waits behind shop-1, position 1, its turn in about \d+m/);
    const queue = await done(world, 'queue shop in production');
    expect(words(queue)).toContain('shop-2');
    expect(words(queue)).not.toContain('just now');
    const takeOver = buttonsOf(second)['Take over from shop-1'] ?? 'none';
    expect(outcome(await world.press(takeOver, 'grace'))).toBe('access.missing_role');
    const taken = await world.press(takeOver, 'bob');
    expect(outcome(taken)).toBe('done');
    expect(taken.rollout).toBe('shop-2');
    expect(await told(world, 'ada')).toContain('Bob took production over from shop-1');
    await world.drive(20);
    expect((await world.read('shop-1')).phase).toBe('rolled_back');
    expect((await world.read('shop-2')).queue).toBeNull();
  });

  it('steals at once when told so', async () => {
    const world = busWorld();
    await done(world, 'deploy shop v2 to production');
    await world.drive(2);
    await done(world, 'deploy shop v3 to production --steal because urgent', 'bob');
    expect((await world.read('shop-1')).phase).toBe('superseded');
    expect(await told(world, 'ada')).toContain('Their reason: urgent');
  });

  it('says that somebody else holds the lock', async () => {
    const world = busWorld();
    await done(world, 'lock shop production because moving', 'eve');
    expect(words(await done(world, 'deploy shop v2 to production'))).toContain(
      'Eve holds a lock there: moving',
    );
  });

  it('counts one vote of fifty presses at the same instant', async () => {
    const world = busWorld();
    await done(world, 'deploy shop v2 to production');
    await world.drive(2);
    const press = buttonsOf(await done(world, 'show shop-1'))['Approve v2 for production'] ?? '';
    const replies = await Promise.all(
      Array.from({ length: 50 }, () => world.press(press, 'grace')),
    );
    expect(replies.filter(({ refusal }) => refusal === null)).toHaveLength(1);
    expect((await world.read('shop-1')).approvals).toHaveLength(1);
  });

  it('lets a denial win over an approval of the same instant', async () => {
    const world = busWorld();
    await done(world, 'deploy shop v2 to production');
    await world.drive(2);
    await Promise.all([
      world.say('approve shop-1', 'grace'),
      world.say('deny shop-1 because no', 'linus'),
    ]);
    await world.drive(20);
    expect((await world.read('shop-1')).phase).toBe('cancelled');
  });

  it('rolls back what is under way by turning it round', async () => {
    const world = busWorld();
    await done(world, 'deploy shop v2 to production');
    await world.drive(2);
    await done(world, 'approve shop in production because read', 'grace');
    await world.drive(15);
    await done(world, 'rollback shop in production because slow');
    await world.drive(15);
    const state = await world.read('shop-1');
    expect(state).toMatchObject({ phase: 'rolled_back', abort: { cause: { detail: 'slow' } } });
  });

  it('means the release of the thread in which it is asked', async () => {
    const world = busWorld();
    await done(world, 'deploy shop v2');
    await world.drive(1);
    const due = await world.store.transact((tx) => tx.dueSurfaces(world.now() + 1, 100));
    const card = due.find(({ id }) => id.endsWith(':card'));
    if (card === undefined) throw new Error('no card');
    const { id, desiredRevision, desiredHash, channel } = card;
    const message = { channel, message: '77' };
    await world.store.transact((tx) =>
      tx.delivered(id, desiredRevision, desiredHash, message, world.now()),
    );
    const thread = { channel: { ...channel, thread: '77' } };
    expect(outcome(await world.say('pause because odd', 'ada', thread))).toBe('done');
    expect((await world.read('shop-1')).phase).toBe('paused');
    expect(outcome(await world.say('resume', 'ada', thread))).toBe('done');
    await world.drive(60);
    const promoted = await world.say('promote', 'ada', thread);
    expect(promoted.rollout).toBe('shop-2');
    const elsewhere = { channel: { ...channel, thread: '78' } };
    expect(outcome(await world.say('pause', 'ada', elsewhere))).toBe('command.syntax');
  });

  it('promotes the same digest to the next environment', async () => {
    const world = busWorld();
    await done(world, 'deploy shop v2');
    await world.drive(60);
    const reply = await done(world, 'promote shop');
    expect(words(reply)).toContain('It is the artifact that runs in staging.');
    const [staging, production] = [await world.read('shop-1'), await world.read('shop-2')];
    expect(production.environment).toBe('production');
    expect(production.artifact).toEqual(staging.artifact);
  });

  it('asks an approver for the role that the plan wants', async () => {
    const world = busWorld((text) => {
      Object.assign(text.roles, {
        auditor: { may: ['approve'], from: [{ kind: 'people', people: ['bob', 'grace'] }] },
      });
    });
    await done(world, 'deploy shop v2 to production');
    await world.drive(2);
    expect(outcome(await world.say('approve shop-1', 'bob'))).toBe('access.missing_role');
    await done(world, 'approve shop-1', 'grace');
    expect((await world.read('shop-1')).approvals[0]?.role).toBe('approver');
  });

  it('lets a held version come back when somebody asks for it, and says so', async () => {
    const world = busWorld();
    await done(world, 'deploy shop v3 to production');
    await world.drive(2);
    await done(world, 'approve shop-1', 'grace');
    await world.drive(120);
    expect((await world.read('shop-1')).phase).toBe('rolled_back');
    const again = await done(world, 'deploy shop v3 to production', 'linus');
    expect(words(again)).toContain('was on hold here');
  });

  it('plans without doing anything, and compares', async () => {
    const world = busWorld();
    const plan = await done(world, 'plan shop v2 to production');
    expect(words(plan)).toContain('Nothing was done.');
    expect(await world.store.transact((tx) => world.rollouts.open(tx))).toEqual([]);
    await done(world, 'deploy shop v2');
    await world.drive(60);
    const diff = await done(world, 'diff shop in production');
    expect(diff.view.summary).toBe('v2 would be the first release to production.');
    expect((await done(world, 'diff shop v2 in staging')).view.summary).toBe(
      'v2 already runs in staging.',
    );
  });

  it('breaks the glass loudly, and has it reviewed by somebody else', async () => {
    const world = busWorld();
    await done(world, 'deploy shop v2 to production', 'linus');
    await world.drive(2);
    await done(world, 'advance shop-1 --break-glass because customers cannot pay', 'eve');
    await world.drive(10);
    expect((await world.read('shop-1')).startedAt).not.toBeNull();
    expect(outcome(await world.say('review shop-1', 'eve'))).toBe('approval.self');
    await done(world, 'review shop-1 because written up', 'linus');
    expect((await world.read('shop-1')).overrides[0]?.reviewedBy?.person).toBe('linus');
    const events = await world.store.transact((tx) => tx.events({ streamPrefix: 'rollout:' }));
    const used = events.find(({ kind }) => kind === 'override.used');
    expect(used?.body).toMatchObject({
      reason: 'customers cannot pay',
      gates: ['approval'],
      evidence: [{ answer: 'yes', evidence: expect.stringContaining('member of the settings') }],
    });
  });

  it('asks again for the right to break the glass when it is broken', async () => {
    const world = busWorld();
    await done(world, 'deploy shop v2 to production --break-glass because fire', 'eve');
    world.rights.set('eve', []);
    await world.drive(30);
    expect(await world.read('shop-1')).toMatchObject({ phase: 'waiting', overrides: [] });
    world.rights.set('eve', ['keeper']);
    await world.drive(60);
    expect((await world.read('shop-1')).startedAt).not.toBeNull();
  });

  it('takes an approval back, and a denial with its comment from a form', async () => {
    const world = busWorld();
    await done(world, 'deploy shop v2 to production');
    await world.drive(2);
    const card = await done(world, 'show shop-1');
    await done(world, 'approve shop-1', 'grace');
    await done(world, 'revoke shop-1 because wrong diff', 'grace');
    expect((await world.read('shop-1')).approvals[0]?.revoked).toBe('wrong diff');
    const deny = buttonsOf(card)['Deny v2'] ?? 'none';
    expect(outcome(await world.press(deny, 'linus', 'not on\na Friday'))).toBe('done');
    expect((await world.read('shop-1')).denials[0]?.comment).toBe('not on a Friday');
  });
});

describe('locks and freezes', () => {
  it('tells the owner of a lock that was taken over or released, and those who waited', async () => {
    const world = busWorld();
    await done(world, 'lock shop production for 2h because of the move');
    expect(words(await done(world, 'status shop'))).toContain('locked by Ada: the move');
    expect(words(await done(world, 'notify shop in production', 'bob'))).toContain(
      'You will be told',
    );
    await done(world, 'lock shop production --steal because incident', 'eve');
    expect(await told(world, 'ada')).toContain('Eve took over your lock');
    await done(world, 'unlock shop production', 'linus');
    expect(await told(world, 'eve')).toContain('Linus released your lock');
    expect(await told(world, 'bob')).toContain('shop in production is free.');
    expect(words(await done(world, 'notify shop in production', 'bob'))).toContain('is free now');
  });

  it('ends a lock when its time has run out, and says when', async () => {
    const world = busWorld();
    await done(world, 'lock shop staging for 30m because tests');
    expect(await tendPlaces(world.world, world.rollouts)).toBe(0);
    world.pass(1801);
    expect(await tendPlaces(world.world, world.rollouts)).toBe(1);
    expect(await tendPlaces(world.world, world.rollouts)).toBe(0);
    const events = await world.store.transact((tx) => tx.events({ streamPrefix: 'place:' }));
    expect(events.map(({ kind }) => kind)).toEqual(['lock.taken', 'lock.expired']);
  });

  it('tells those who wait when a lock runs out or a release ends, once', async () => {
    const world = busWorld();
    await done(world, 'deploy shop v2');
    await world.drive(1);
    await done(world, 'lock shop staging for 30m because tests');
    await done(world, 'notify shop in staging', 'bob');
    await tendPlaces(world.world, world.rollouts);
    await world.drive(60);
    await tendPlaces(world.world, world.rollouts);
    expect(await told(world, 'bob')).not.toContain('is free');
    world.pass(1800);
    await tendPlaces(world.world, world.rollouts);
    expect(await told(world, 'bob')).toContain('shop in staging is free.');
    expect(await tendPlaces(world.world, world.rollouts)).toBe(0);
  });

  it('does not call passed what closed since the gates were asked', async () => {
    const world = busWorld();
    await done(world, 'deploy shop v2 to production', 'bob');
    await world.drive(2);
    expect(words(await done(world, 'why shop production'))).toMatch(/Passed: .*freeze/);
    await done(world, 'freeze production for 2h because quarter end', 'eve');
    const text = words(await done(world, 'why shop production'));
    expect(text).toContain('quarter end');
    expect(text).not.toMatch(/Passed: .*freeze/);
    expect(words(await done(world, 'status'))).toMatch(
      /v2: Waiting for approval; .*frozen: quarter end/,
    );
  });

  it('freezes a place, everything only when told so, and thaws by id or by place', async () => {
    const world = busWorld((text) => {
      const { production } = text.environments;
      Object.assign(production, { gates: [...production.gates, { gate: 'freeze' }] });
    });
    expect(outcome(await world.say('freeze because fear', 'eve'))).toBe('command.syntax');
    await done(world, 'freeze shop in production for 2h because audit', 'eve');
    await done(world, 'deploy shop v2 to production');
    await world.drive(2);
    expect((await world.read('shop-1')).gates?.outcomes).toContainEqual(
      expect.objectContaining({ gate: 'freeze', verdict: 'hold' }),
    );
    expect(words(await done(world, 'why shop production'))).toContain('Frozen until');
    await done(world, 'thaw shop/production because done', 'eve');
    await done(world, 'freeze --all because storm', 'eve');
    expect(words(await done(world, 'status'))).toContain('frozen: storm');
    await done(world, 'thaw freeze-2', 'eve');
    expect(words(await done(world, 'status'))).not.toContain('frozen');
  });
});

describe('looking', () => {
  it('tells who may release, who may approve, and what blocks it until when', async () => {
    const world = busWorld();
    await done(world, 'lock shop production for 1h because of the move', 'eve');
    const { view, data } = await done(world, 'why shop production');
    expect(JSON.stringify(view)).toContain('Locked by Eve until');
    expect(data).toMatchObject({ place: 'shop/production' });
    expect(JSON.stringify(data)).toContain('approver: Ada, Grace, Linus');
  });

  it('lists in help what one may run, and how it is written', async () => {
    const world = busWorld();
    const mine = (await done(world, 'help', 'grace')).data;
    expect(mine).toEqual(expect.arrayContaining(['approve', 'deny', 'status', 'help', 'whoami']));
    expect(mine).not.toEqual(expect.arrayContaining(['deploy']));
    const stranger = (await done(world, '', 'mallory')).data;
    expect(stranger).toEqual(['help', 'link', 'whoami']);
    expect(words(await done(world, 'help deploy'))).toContain(
      '/release deploy <service> <version> [to <environment>]',
    );
  });

  it('tells who somebody is', async () => {
    const world = busWorld();
    expect((await done(world, 'whoami', 'grace')).view.summary).toContain('You are Grace');
    expect((await done(world, 'whoami', 'mallory')).view.summary).toContain('not linked');
  });

  it('shows history to people and pages', async () => {
    const world = busWorld();
    for (const version of ['v2', 'v3']) {
      await done(world, `deploy shop ${version} because of ${version}`);
      await world.drive(60);
    }
    expect((await done(world, 'history shop --limit 1')).data).toHaveLength(1);
    const reader = createReader(
      world.world,
      world.rollouts,
      createAuthority(world.world),
      {
        async *exportHistory() {},
        prove: async () => null,
      },
      () => null,
    );
    expect((await reader.rollouts({ limit: 5 })).map(({ id }) => id)).toEqual(['shop-2', 'shop-1']);
    expect((await reader.rollouts({ limit: 5, text: 'V2' })).map(({ id }) => id)).toEqual([
      'shop-1',
    ]);
    expect((await reader.rollouts({ limit: 5, beforeId: 'shop-2' })).map(({ id }) => id)).toEqual([
      'shop-1',
    ]);
    const page = await reader.rollout('shop-1');
    expect(page?.state.phase).toBe('succeeded');
    expect(page?.events[0]?.kind).toBe('rollout.requested');
    expect(await reader.rollout('shop-9')).toBeNull();
    const board = await reader.board();
    expect(board.environments).toEqual(['staging', 'production']);
    expect(board.places.map((one) => [one.environment, one.runs?.version ?? null])).toEqual([
      ['staging', 'v3'],
      ['production', null],
    ]);
    expect(board.places[1]?.promotable?.version).toBe('v3');
    const account = { platform: 'console', tenant: 'console', user: 'mallory' };
    expect((await reader.mayView(account, 'Mallory'))?.code).toBe('access.missing_role');
    expect(await reader.mayView({ ...account, user: 'ada' }, 'Ada')).toBeNull();
  });

  it('links two accounts when the second names whom they stand for', async () => {
    const world = busWorld();
    const other = { account: world.elsewhere.world.person('U1') };
    const code = /link (nonce-\d+)/.exec(words(await done(world, 'link')))?.[1] ?? 'none';
    expect(words(await world.say(`link ${code}`, 'U1', other))).toContain('as ada');
    const wrong = await world.say(`link ${code} as mallory`, 'U1', other);
    expect(outcome(wrong)).toBe('link.wrong_person');
    expect(outcome(await world.say(`link ${code} as ada`, 'U1', other))).toBe('done');
    const whoami = await world.say('whoami', 'U1', other);
    expect(whoami.view.summary).toContain('You are Ada');
    expect(await told(world, 'ada')).toContain('If this was not you');
    expect(outcome(await world.say(`link ${code} as ada`, 'bob'))).toBe('link.expired');
  });
});

it('completes the click that was refused because its account was not linked', async () => {
  const world = busWorld((text) => {
    const channel = (platform: string, tenant: string) => ({
      kind: 'channel',
      platform,
      tenant,
      channel: 'approvers',
    });
    const from = [channel('elsewhere', 'T1'), channel('console', 'console')];
    Object.assign(text.roles, { approver: { may: ['approve'], from } });
  });
  const { person, channel, join } = world.elsewhere.world;
  const account = person('U1');
  join(channel('approvers'), account);
  await done(world, 'deploy shop v2 to production');
  await world.drive(2);
  const press = buttonsOf(await done(world, 'show shop-1'))['Approve v2 for production'] ?? 'none';
  const refused = await world.press(press, 'U1', null, { account });
  expect(outcome(refused)).toBe('access.not_linked');
  const code = /link (nonce-\d+)/.exec(refused.refusal?.next ?? '')?.[1] ?? 'none';
  await done(world, `link ${code} as grace`, 'grace');
  await world.bus.idle();
  const { approvals } = await world.read('shop-1');
  expect(approvals.map(({ by }) => [by.person, by.account.user])).toEqual([['grace', 'U1']]);
});
