import { describe, expect, it } from 'vitest';
import { noteMembers } from '#app/role-ages.ts';
import type { Account, Grant } from '#core/people.ts';
import { busWorld, outcome } from './bus-world.ts';

const hour = 3600;

/** Approvers are the members of a source, once they have been there for two hours. */
function agedWorld(kind: 'channel' | 'group') {
  const world = busWorld();
  const { directory } = world;
  const source = kind === 'channel' ? directory.world.channel('C1') : directory.world.group('R1');
  world.reconfigure((text) => {
    Object.assign(text.roles, { approver: { may: ['approve'], age: '2h', from: [source] } });
  });
  const note = noteMembers(world.world);
  return {
    ...world,
    join: (user: string) => directory.world.join(source, accountOf(user)),
    leave: (user: string) => directory.world.leave(source, accountOf(user)),
    /** Time goes by, with a look at the members each hour. */
    async wait(hours: number) {
      for (let done = 0; done < hours; done += 1) {
        world.pass(hour);
        await note();
      }
    },
    note,
    async approve(by: string): Promise<string> {
      const asked = await world.say('deploy shop v2 to production');
      await world.drive(2);
      const answer = outcome(await world.say(`approve ${asked.rollout ?? 'shop-1'}`, by));
      return answer;
    },
  };
}

function accountOf(user: string): Account {
  return { platform: 'console', tenant: 'console', user };
}

describe.each(['channel', 'group'] as const)('a role from a %s that asks for an age', (kind) => {
  it('counts whoever was there when Signalbox began to look', async () => {
    const world = agedWorld(kind);
    world.join('grace');
    await world.note();
    expect(await world.approve('grace')).toBe('done');
  });

  it('does not count who was let in just before, and says from when on it does', async () => {
    const world = agedWorld(kind);
    await world.note();
    world.join('grace');
    const asked = await world.say('deploy shop v2 to production');
    await world.drive(2);
    const reply = await world.say(`approve ${asked.rollout}`, 'grace');
    expect(outcome(reply)).toBe('access.too_new');
    expect(reply.refusal?.message).toMatch(/there since .*Z, which counts from .*Z/);
    const evidence = (await world.commandEvents()).at(-1);
    expect(evidence).toMatchObject({ kind: 'command.refused', body: { code: 'access.too_new' } });
    await world.wait(1);
    expect(outcome(await world.say(`approve ${asked.rollout}`, 'grace'))).toBe('access.too_new');
    await world.wait(1);
    expect(await world.approve('grace')).toBe('done');
  });

  it('begins anew with who left and came back', async () => {
    const world = agedWorld(kind);
    world.join('grace');
    await world.note();
    world.leave('grace');
    await world.wait(1);
    world.join('grace');
    expect(await world.approve('grace')).toBe('access.too_new');
  });

  it('begins anew with who was out when they asked', async () => {
    const world = agedWorld(kind);
    world.join('grace');
    await world.note();
    world.leave('grace');
    expect(await world.approve('grace')).toBe('access.missing_role');
    world.join('grace');
    expect(await world.approve('grace')).toBe('access.too_new');
  });

  it('takes nobody for new because the members could not be listed', async () => {
    const world = agedWorld(kind);
    world.join('grace');
    await world.note();
    world.directory.world.outage(true);
    await world.wait(2);
    world.directory.world.outage(false);
    await world.wait(1);
    expect(await world.approve('grace')).toBe('done');
  });
});

it('counts from the first question where members cannot be listed', async () => {
  const world = agedWorld('channel');
  world.join('grace');
  expect(await world.approve('grace')).toBe('access.too_new');
  world.pass(2 * hour);
  expect(await world.approve('grace')).toBe('done');
});

it('asks no age of people whom the settings name', async () => {
  const world = busWorld((text) => {
    const from: Grant[] = [{ kind: 'people', people: ['grace'] }];
    Object.assign(text.roles, { approver: { may: ['approve'], age: '24h', from } });
  });
  const asked = await world.say('deploy shop v2 to production');
  await world.drive(2);
  expect(outcome(await world.say(`approve ${asked.rollout}`, 'grace'))).toBe('done');
});
