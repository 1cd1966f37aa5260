import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnsOf, compareRanks, type ValuePair } from '#core/analysis/rank-comparison.ts';
import { seeded } from '#core/analysis/seeded.ts';

const threshold = Math.log(100);

/** Pairs with a level, a spread and a shift; rounding makes ties. */
const pairs: fc.Arbitrary<readonly ValuePair[]> = fc
  .record({
    seed: fc.nat(),
    length: fc.integer({ min: 2, max: 70 }),
    shift: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
    ties: fc.boolean(),
  })
  .map(({ seed, length, shift, ties }) => {
    const draws = seeded(seed);
    const draw = (level: number): number => {
      const value = level * Math.exp(0.1 * draws.normal());
      return ties ? Math.round(value / 5) * 5 : value;
    };
    return Array.from({ length }, () => ({
      stable: draw(100),
      candidate: draw(100 * (1 + shift)),
    }));
  });

function summary(all: readonly ValuePair[]) {
  const found = compareRanks(columnsOf(all));
  return { ...found, ...found.bounds(threshold) };
}

describe('a rank comparison', () => {
  test('does not depend on the unit', () => {
    fc.assert(
      fc.property(pairs, fc.constantFrom(1e-6, 1e-3, 1024, 1e9), (all, unit) => {
        const plain = summary(all);
        const scaled = summary(
          all.map(({ stable, candidate }) => ({
            stable: stable * unit,
            candidate: candidate * unit,
          })),
        );
        expect(scaled.evidence.up).toBeCloseTo(plain.evidence.up, 6);
        expect(scaled.evidence.down).toBeCloseTo(plain.evidence.down, 6);
        expect(scaled.estimate / unit).toBeCloseTo(plain.estimate, 6);
        expect(scaled.low / unit).toBeCloseTo(plain.low, 4);
        expect(scaled.high / unit).toBeCloseTo(plain.high, 4);
      }),
    );
  });

  test('follows a shift of both sides and of one', () => {
    fc.assert(
      fc.property(pairs, fc.integer({ min: 1, max: 50 }), (all, by) => {
        const plain = summary(all);
        const both = summary(
          all.map((one) => ({ stable: one.stable + by, candidate: one.candidate + by })),
        );
        const one = summary(all.map((pair) => ({ ...pair, candidate: pair.candidate + by })));
        expect(both.estimate).toBeCloseTo(plain.estimate, 6);
        expect(one.estimate).toBeCloseTo(plain.estimate + by, 6);
        expect(one.evidence.up).toBeGreaterThanOrEqual(plain.evidence.up - 1e-6);
      }),
    );
  });

  test('is the mirror image when the sides are exchanged', () => {
    fc.assert(
      fc.property(pairs, (all) => {
        const plain = summary(all);
        const turned = summary(
          all.map((one) => ({ stable: one.candidate, candidate: one.stable })),
        );
        expect(turned.estimate).toBeCloseTo(-plain.estimate, 6);
        expect(turned.evidence.up).toBeCloseTo(plain.evidence.down, 9);
        expect(turned.low).toBeCloseTo(-plain.high, 6);
        expect(turned.high).toBeCloseTo(-plain.low, 6);
      }),
    );
  });

  test('draws an interval that holds the estimate and agrees with the evidence', () => {
    fc.assert(
      fc.property(pairs, (all) => {
        const { low, high, estimate, evidence } = summary(all);
        expect(Math.min(low, estimate)).toBeLessThanOrEqual(Math.max(high, estimate));
        if (estimate > 0)
          expect(low > 0 || (low === 0 && evidence.up >= threshold)).toBe(evidence.up >= threshold);
        if (estimate < 0)
          expect(high < 0 || (high === 0 && evidence.down >= threshold)).toBe(
            evidence.down >= threshold,
          );
      }),
    );
  });

  test('says nothing from two constant sides that are equal, and much when they differ', () => {
    const steady = (candidate: number) =>
      Array.from({ length: 20 }, () => ({ stable: 5, candidate }));
    expect(summary(steady(5))).toMatchObject({ estimate: 0, evidence: { up: 0, down: 0 } });
    expect(summary(steady(6)).evidence.up).toBeGreaterThan(threshold);
    expect(summary(steady(6)).estimate).toBeCloseTo(1, 12);
  });

  test('merges neighbours of very long series and finds the same', () => {
    const draws = seeded(5);
    const all = Array.from({ length: 10_000 }, () => ({
      stable: 100 * Math.exp(0.1 * draws.normal()),
      candidate: 103 * Math.exp(0.1 * draws.normal()),
    }));
    const found = summary(all);
    expect(found.stable.points).toBe(10_000);
    expect(found.estimate).toBeGreaterThan(2.5);
    expect(found.estimate).toBeLessThan(3.5);
    expect(found.evidence.up).toBeGreaterThan(threshold);
  });
});
