import { describe, expect, test } from 'vitest';
import type { EventInterval } from '#core/analysis/event-interval.ts';
import { type Learnt, learn } from '#core/analysis/learnt.ts';
import { compareRates, ofEvents } from '#core/analysis/rate-comparison.ts';
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

describe('what releases before showed', () => {
  const alone = () => ({ stable: 0.01, candidate: 0.01 });
  /** Learnt from so many releases of half an hour without a fault. */
  function knownAfter(releases: number, rates: Parameters<typeof drawn>[1]): Learnt {
    let known: Learnt | null = null;
    for (let seed = 1; seed <= releases; seed++) {
      known = learn('errors', known, compareRates(drawn(100 + seed, rates), ''));
    }
    if (known === null) throw new Error('nothing was learnt');
    return known;
  }
  const short = (seed: number, rates: Parameters<typeof drawn>[1]) =>
    drawn(seed, rates).slice(0, 20);
  const twice = (i: number) => ({ stable: alone().stable, candidate: 0.02 + 0 * i });
  const evidence = (seed: number, learnt: Learnt | null) =>
    compareRates(short(seed, twice), '', ofEvents, learnt).evidence.up;

  test('of errors that come alone makes the same evidence count for more', () => {
    const known = knownAfter(10, alone);
    expect(median((seed) => evidence(seed, known))).toBeGreaterThan(
      1.4 * median((seed) => evidence(seed, null)),
    );
  });

  test('counts from an hour on, and what is older than some hours is forgotten', () => {
    expect(evidence(3, knownAfter(1, alone))).toBe(evidence(3, null));
    expect(compareRates(short(3, twice), 'test', ofEvents, knownAfter(2, alone)).test).toBe(
      'test, clumps as in releases before',
    );
    expect(evidence(3, knownAfter(2, alone))).not.toBe(evidence(3, null));
    expect(knownAfter(30, alone).intervals).toBe(1200);
    const changed = [...Array(60).keys()].reduce<Learnt | null>(
      (known, seed) => learn('errors', known, compareRates(drawn(seed, alone), '')),
      knownAfter(10, (i) => ({ stable: 0.01, candidate: inBurst(i) ? 0.1 : 0.01 })),
    );
    const ratio = changed?.variations.map(({ observed, expected }) => observed / expected);
    expect(Math.max(...(ratio ?? []))).toBeLessThan(1.8);
  });

  test('does not hide that this one comes in clumps', () => {
    const burst = (i: number) => ({ stable: 0.005, candidate: i === 7 || i === 13 ? 0.12 : 0.005 });
    const { inefficiency } = compareRates(short(2, burst), '');
    const known = compareRates(short(2, burst), '', ofEvents, knownAfter(10, alone));
    expect(known.inefficiency).toBe(inefficiency);
    expect(known.evidence).toEqual(compareRates(short(2, burst), '').evidence);
  });
});
