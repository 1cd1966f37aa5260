import { expect, it } from 'vitest';
import { remind } from '#app/remind.ts';
import { busWorld, outcome } from './bus-world.ts';

const hour = 3600;

/** Two processes that remind, and what a person was told by them. */
function reminding(change: Parameters<typeof busWorld>[0] = () => undefined) {
  const world = busWorld(change);
  const processes = [1, 2].map(() => remind(world.world, world.rollouts));
  const round = async () => {
    const counts = await Promise.all(processes.map((process) => process()));
    return counts.reduce((sum, count) => sum + count, 0);
  };
  const told = async (occasion: string, person: string) => {
    const due = await world.store.transact((tx) => tx.dueSurfaces(world.now(), 500));
    return due
      .filter(({ id }) => id.startsWith(`reminder:${occasion}:`) && id.endsWith(`:${person}`))
      .map(({ desired, account }) => ({ view: desired, to: account?.user }));
  };
  return { ...world, round, told };
}

it('tells the requester when no worker takes a request up, once', async () => {
  const world = reminding();
  await world.say('deploy shop v2 to staging', 'ada');
  world.pass(29);
  expect(await world.round()).toBe(0);
  world.pass(2);
  expect(await world.round()).toBe(1);
  expect(await world.round()).toBe(0);
  const [message] = await world.told('request:shop-1', 'ada');
  expect(message?.to).toBe('ada');
  expect(message?.view.summary).toBe('Nothing has started yet: shop-1 has not moved for 31s.');
  await world.drive(60);
  world.pass(hour);
  expect(await world.round()).toBe(0);
});

it('reminds of a pause at each doubling, and whoever is reminded can end it there', async () => {
  const world = reminding();
  await world.say('deploy shop v2 to production', 'bob');
  await world.drive(2);
  await world.say('approve shop-1', 'grace');
  await world.drive(10);
  expect(outcome(await world.say('pause shop-1 because of lunch', 'ada'))).toBe('done');
  const counts: number[] = [];
  for (let half = 0; half < 9; half += 1) {
    world.pass(hour / 2);
    counts.push(await world.round());
  }
  // After 30 minutes, 1, 2 and 4 hours: each time the requester and whoever paused it.
  expect(counts).toEqual([2, 2, 0, 2, 0, 0, 0, 2, 0]);
  const messages = await world.told('pause:shop-1', 'bob');
  expect(messages).toHaveLength(4);
  expect(messages[0]?.view.blocks).toContainEqual({
    kind: 'text',
    line: ['Paused by a person: lunch'],
  });
  const buttons = messages[0]?.view.blocks.flatMap((block) =>
    block.kind === 'buttons' ? block.buttons : [],
  );
  const resume = buttons?.find(({ label }) => label === 'Resume v2');
  expect(outcome(await world.press(resume?.token ?? '', 'bob'))).toBe('done');
  expect((await world.read('shop-1')).phase).not.toBe('paused');
});

it('asks the owner of an old lock whether it is needed, with a button to give it back', async () => {
  const world = reminding();
  await world.say('lock shop in production because of the migration', 'ada');
  world.pass(23 * hour);
  expect(await world.round()).toBe(0);
  world.pass(hour);
  expect(await world.round()).toBe(1);
  const [message] = await world.told('lock:shop/production', 'ada');
  expect(message?.view.summary).toContain('has been locked for 1d. Is it still needed?');
  const [button] = (message?.view.blocks ?? []).flatMap((block) =>
    block.kind === 'buttons' ? block.buttons : [],
  );
  expect(outcome(await world.press(button?.token ?? '', 'ada'))).toBe('done');
  expect(outcome(await world.say('unlock shop production', 'ada'))).toBe('lock.none');
});

it('asks about the lock of an automatic rollback whoever wanted the release', async () => {
  const world = reminding();
  await world.say('deploy shop v3 to production', 'bob');
  await world.drive(2);
  await world.say('approve shop-1', 'grace');
  await world.drive(120);
  world.pass(25 * hour);
  await world.round();
  expect(await world.told('lock:shop/production', 'bob')).toHaveLength(1);
});

it('tells who is concerned before an approval or a plan runs out', async () => {
  const world = reminding((text) => {
    Object.assign(text.environments.production.gates[0]?.options ?? {}, { quorum: 2 });
  });
  await world.say('deploy shop v2 to production', 'bob');
  await world.drive(2);
  await world.say('approve shop-1', 'grace');
  await world.drive(2);
  world.pass(3 * hour);
  expect(await world.round()).toBe(0);
  world.pass(hour / 2 + 60);
  expect(await world.round()).toBe(2);
  expect(await world.told('approval:shop-1', 'grace')).toHaveLength(1);
  const [mine] = await world.told('approval:shop-1', 'bob');
  expect(mine?.view.summary).toContain('Grace’s approval of shop v2 → production expires in 28m');
  world.pass(20 * hour);
  await world.round();
  const [plan] = await world.told('plan:shop-1', 'bob');
  expect(plan?.view.summary).toContain('The plan of shop v2 → production expires in');
});

it('says nothing where reminders are turned off', async () => {
  const world = reminding((text) => {
    Object.assign(text, { reminders: { lock: 0, pause: 0, expiry: 0, request: 0 } });
  });
  await world.say('deploy shop v2 to staging', 'ada');
  await world.say('lock shop in production because of the migration', 'ada');
  world.pass(100 * hour);
  expect(await world.round()).toBe(0);
});
