import { describe, expect, test } from 'vitest';
import type { EventInterval } from '#core/analysis/event-interval.ts';
import { compareRates } from '#core/analysis/rate-comparison.ts';
import { seeded } from '#core/analysis/seeded.ts';

/** Errors of both sides by interval, from their rates; a fifth of the traffic is the candidate's. */
function drawn(
  seed: number,
  rates: (i: number) => { readonly stable: number; readonly candidate: number },
): readonly EventInterval[] {
  const draws = seeded(seed);
  return Array.from({ length: 120 }, (_, i) => {
    const { stable, candidate } = rates(i);
    return {
      stable: { events: draws.poisson(480 * stable), exposure: 480 },
      candidate: { events: draws.poisson(120 * candidate), exposure: 120 },
    };
  });
}

function median(of: (seed: number) => number): number {
  return Array.from({ length: 21 }, (_, seed) => of(seed)).toSorted((a, b) => a - b)[10] ?? 0;
}

const inBurst = (i: number): boolean => i % 20 < 4;

describe('what is taken off evidence for clumps', () => {
  test('is little for trouble that both sides share, also where the candidate suffers twice as much', () => {
    const shared = (factor: number) =>
      median(
        (seed) =>
          compareRates(
            drawn(seed, (i) => {
              const stable = inBurst(i) ? 0.06 : 0.005;
              return { stable, candidate: stable * factor };
            }),
            '',
          ).inefficiency,
      );
    expect(shared(1)).toBeLessThan(2.2);
    expect(shared(2)).toBeLessThan(3);
  });

  test('is much for bursts on one side only, however few', () => {
    for (const side of ['stable', 'candidate'] as const) {
      const bursts = (i: number) => ({
        stable: 0.002,
        candidate: 0.002,
        [side]: i === 30 || i === 80 ? 0.1 : 0.002,
      });
      expect(median((seed) => compareRates(drawn(seed, bursts), '').inefficiency)).toBeGreaterThan(
        2.5,
      );
    }
  });

  test('does not depend on which side is called stable', () => {
    const intervals = drawn(4, (i) => ({ stable: 0.01, candidate: inBurst(i) ? 0.05 : 0.01 }));
    const exchanged = intervals.map(({ stable, candidate }) => ({
      stable: candidate,
      candidate: stable,
    }));
    expect(compareRates(exchanged, '').inefficiency).toBeCloseTo(
      compareRates(intervals, '').inefficiency,
      10,
    );
  });
});
