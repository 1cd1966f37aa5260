import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copiesBeside, shareOf, splitCopies } from '#adapters/kubernetes/split-copies.ts';

describe('copies of both sides', () => {
  it.each([
    // total, weight, surge, stable, candidate
    [4, 25, false, 3, 1],
    [4, 50, false, 2, 2],
    [10, 10, false, 9, 1],
    [3, 10, false, 2, 1],
    [3, 10, true, 3, 1],
    [3, 50, true, 2, 2],
    [3, 50, false, 1, 2],
    [1, 10, false, 1, 0],
    [1, 10, true, 1, 0],
    [1, 60, false, 0, 1],
    [5, 99, false, 1, 4],
    [4, 100, true, 0, 4],
    [4, 0, true, 4, 0],
    [0, 50, true, 0, 0],
  ] as const)(
    '%i copies at %i %% (surge %s) are %i and %i',
    (total, weight, surge, stable, candidate) => {
      expect(splitCopies(total, weight, surge)).toEqual({ stable, candidate });
    },
  );

  it('never give nothing to a side that has a share where two may run', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 200 }),
        fc.integer({ min: 1, max: 99 }),
        fc.boolean(),
        (total, weight, surge) => {
          const { stable, candidate } = splitCopies(total, weight, surge);
          expect(Math.min(stable, candidate)).toBeGreaterThan(0);
          expect(stable + candidate).toBeLessThanOrEqual(total + (surge ? 1 : 0));
          expect(Math.abs(shareOf({ stable, candidate }) - weight)).toBeLessThanOrEqual(
            Math.ceil(100 / total),
          );
        },
      ),
    );
  });

  it.each([
    // stable as its autoscaler has it, weight, most, candidate
    [4, 20, 8, 1],
    [4, 50, 8, 4],
    [10, 10, 20, 1],
    [4, 90, 8, 8],
    [4, 100, 6, 6],
    [4, 0, 6, 0],
  ] as const)(
    'beside %i that are not ours, %i %% is %i at most, so %i',
    (stable, weight, most, candidate) => {
      expect(copiesBeside(stable, weight, most)).toEqual({ stable, candidate });
    },
  );
});
