import { expect, it } from 'vitest';
import { busWorld, outcome } from './bus-world.ts';

/** A world whose production asks two approvers, with the options of its gate. */
function asking(options: Readonly<Record<string, string>>, usual?: string) {
  return busWorld((text) => {
    const gate = { gate: 'approval', options: { role: 'approver', quorum: 2, ...options } };
    Object.assign(text.environments.production, { gates: [gate] });
    if (usual !== undefined) Object.assign(text, { access: { approvalExpires: usual } });
  });
}

it.each([
  ['what its gate says', { expires: '30m' }, '8h', 30],
  ['what is usual, where its gate says nothing', {}, '2h', 120],
  ['four hours, where nothing is said', {}, undefined, 240],
])('lets an approval count for %s', async (_, options, usual, minutes) => {
  const world = asking(options, usual);
  await world.say('deploy shop v2 to production', 'bob');
  await world.drive(2);
  expect(outcome(await world.say('approve shop-1', 'grace'))).toBe('done');
  await world.drive(2);
  const counted = async () => {
    const { gates } = await world.read('shop-1');
    return gates?.outcomes.find(({ gate }) => gate === 'approval')?.reason;
  };
  expect(await counted()).toBe('1 of 2 approvals by approver.');
  world.pass(minutes * 60 - 120);
  await world.drive(62);
  expect(await counted()).toBe('1 of 2 approvals by approver.');
  world.pass(60);
  await world.drive(62);
  expect(await counted()).toBe('0 of 2 approvals by approver.');
});
