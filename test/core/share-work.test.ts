import { expect, it } from 'vitest';
import { shareWork } from '#core/share-work.ts';

/** Work that ends when told, and counts how often it was begun. */
function slowly() {
  const ends: ((error?: Error) => void)[] = [];
  const work = () =>
    new Promise<number>((resolve, reject) => {
      const turn = ends.length + 1;
      ends.push((error) => (error === undefined ? resolve(turn) : reject(error)));
    });
  return { work, ends };
}

it('does equal work once for all who wait, begun after the last of them asked', async () => {
  const share = shareWork<number>();
  const { work, ends } = slowly();
  const first = share('a', work);
  const waiting = [share('a', work), share('a', work)];
  const other = share('b', work);
  expect(ends).toHaveLength(2);
  ends[0]?.();
  expect(await first).toBe(1);
  await expect.poll(() => ends.length).toBe(3);
  const late = share('a', work);
  ends[1]?.();
  ends[2]?.();
  expect(await Promise.all([...waiting, other])).toEqual([3, 3, 2]);
  await expect.poll(() => ends.length).toBe(4);
  ends[3]?.();
  expect(await late).toBe(4);
});

it('begins anew after work that failed, and fails only those who waited for it', async () => {
  const share = shareWork<number>();
  const { work, ends } = slowly();
  const first = share('a', work);
  const second = share('a', work);
  ends[0]?.(new Error('down'));
  await expect(first).rejects.toThrow('down');
  await expect.poll(() => ends.length).toBe(2);
  ends[1]?.();
  expect(await second).toBe(2);
});
