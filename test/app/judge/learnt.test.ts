import { expect, it } from 'vitest';
import { storedLooks } from '#app/judge/stored-looks.ts';
import { memoryWorld } from '../memory-world.ts';
import { releaseThrough } from './release-through.ts';

it('what a release showed of how errors come is known to those after it, however many', async () => {
  const world = memoryWorld();
  const release = async (version: string) => {
    const { id, phase } = await releaseThrough(world, version);
    const looks = await storedLooks(world.world.store, id);
    const known = looks.map(({ learnt }) => learnt?.find((one) => one.metric === 'errors'));
    return { phase, known };
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
