import { expect, it } from 'vitest';
import { busWorld } from '../bus-world.ts';

it('tells a quiet day in one line, and a day with a rollback truthfully', async () => {
  const world = busWorld();
  const quiet = await world.say('digest', 'grace');
  expect(quiet.view.summary).toBe('Nothing was released in the last day, and nothing waits.');
  expect(quiet.view.blocks).toHaveLength(1);
  await world.say('deploy shop v3 to production', 'bob');
  await world.drive(2);
  await world.say('approve shop-1', 'grace');
  await world.drive(120);
  const told = await world.say('digest', 'grace');
  expect(told.view.summary).toBe('In the last day: 0 shipped, 1 went back, 0 on the way.');
  expect(JSON.stringify(told.view.blocks)).toContain('v3 was rolled back by shop-1');
  world.pass(2 * 86_400);
  expect((await world.say('digest', 'grace')).view.summary).toContain('0 went back');
});
