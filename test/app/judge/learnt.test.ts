import { expect, it } from 'vitest';
import { storedLooks } from '#app/judge/stored-looks.ts';
import { memoryWorld } from '../memory-world.ts';

it('what a release showed of how errors come is known to those after it, however many', async () => {
  const world = memoryWorld();
  const release = async (version: string) => {
    const asked = await world.deploy(version);
    if (!asked.ok) throw new Error(asked.refusal.message);
    await world.drive(2);
    await world.approve(asked.value.id);
    await world.drive(200);
    const looks = await storedLooks(world.world.store, asked.value.id);
    const known = looks.map(({ learnt }) => learnt?.find((one) => one.metric === 'errors'));
    return { phase: (await world.read(asked.value.id)).phase, known };
  };
  const first = await release('v2');
  expect(first.phase).toBe('succeeded');
  expect(new Set(first.known)).toEqual(new Set([undefined]));

  const second = await release('v4');
  const after = second.known[0]?.intervals ?? 0;
  expect(after).toBeGreaterThan(0);
  expect(second.known.map((one) => one?.intervals)).toEqual(second.known.map(() => after));

  const third = await release('v5');
  expect(third.known[0]?.intervals).toBe(2 * after);
});
