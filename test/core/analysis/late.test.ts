import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge } from '#core/analysis/index.ts';
import { lateStarts } from '#core/analysis/late-starts.ts';
import { seeded } from '#core/analysis/seeded.ts';
import { pricesOf } from '#core/analysis/stages.ts';
import { errors, input, ratios, values } from './measured.ts';

describe('starts', () => {
  test('cost what keeps the promise: the shares of all there will ever be add up to at most one', () => {
    const shares = new Map<number, number>();
    for (let count = 1; count <= 5000; count++) {
      for (const { from, price } of lateStarts(count)) shares.set(from, Math.exp(-price));
    }
    let sum = Math.exp(-pricesOf(undefined).whole);
    for (const share of shares.values()) sum += share;
    expect(sum).toBeLessThanOrEqual(1);
    expect(sum).toBeGreaterThan(0.9);
  });

  test('have a price that does not depend on when one looks', () => {
    const price = new Map<number, number>();
    for (let count = 1; count <= 2000; count++) {
      for (const start of lateStarts(count)) {
        expect(price.get(start.from) ?? start.price).toBe(start.price);
        price.set(start.from, start.price);
      }
    }
  });

  test('leave enough behind them, and are few', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 }), (count) => {
        const starts = lateStarts(count);
        expect(starts.length).toBeLessThanOrEqual(Math.max(0, Math.log2(count / 16)));
        for (const { from } of starts) {
          expect(count - from).toBeGreaterThanOrEqual(16);
          expect(from).toBeGreaterThanOrEqual(16);
        }
      }),
    );
  });
});

/** An hour as it should be, then a defect: the looks until it is seen; null when it is not. */
function looksUntilSeen(of: 'errors' | 'latency', seed: number): number | null {
  const draws = seeded(seed);
  const quiet = 240;
  const pairs = Array.from({ length: 480 }, (_, i) => ({
    stable: of === 'errors' ? draws.poisson(2.4) : 200 * Math.exp(0.05 * draws.normal()),
    candidate:
      of === 'errors'
        ? draws.poisson(i < quiet ? 0.6 : 2.4)
        : (i < quiet ? 200 : 260) * Math.exp(0.1 * draws.normal()),
  }));
  for (let look = quiet + 1; look <= pairs.length; look++) {
    const seen = pairs.slice(0, look);
    const sides =
      of === 'errors'
        ? {
            stable: ratios(seen.map(({ stable }) => [stable, 480] as const)),
            candidate: ratios(seen.map(({ candidate }) => [candidate, 120] as const)),
          }
        : {
            stable: values(seen.map(({ stable }) => stable)),
            candidate: values(seen.map(({ candidate }) => candidate)),
          };
    const metric = of === 'errors' ? errors : { name: 'latency', type: 'latency' };
    const { metrics, phase } = judge(
      input({ source: 's', metrics: [metric] }, { [metric.name]: sides }),
    );
    if (phase !== 'failed') continue;
    expect(metrics[0]?.explanation).toMatch(/^in the last \d+m/);
    expect(metrics[0]?.detail?.window.from).toBeGreaterThan(quiet * 15_000 - 16 * 15_000);
    return look - quiet;
  }
  return null;
}

describe('a defect that begins after an hour', () => {
  test.each([
    { of: 'errors', within: 60 },
    { of: 'latency', within: 160 },
  ] as const)('is seen in $of within $within looks, and by itself', ({ of, within }) => {
    for (const seed of [1, 2, 3]) {
      const looks = looksUntilSeen(of, seed);
      expect(looks).not.toBeNull();
      expect(looks ?? 999).toBeLessThan(within);
    }
  });
});

describe('values that cover more than one interval', () => {
  const draws = seeded(9);
  const raw = Array.from({ length: 79 }, () => draws.normal());
  const smooth = (shift: number) =>
    values(
      Array.from({ length: 60 }, (_, i) => {
        let sum = 0;
        for (const value of raw.slice(i, i + 20)) sum += value;
        return 100 + shift + sum / 20 + i * 1e-6;
      }),
    );
  const latency = { name: 'latency', type: 'latency', floor: { relative: 0.001 } };

  test.each([
    { name: 'declared', metric: { ...latency, memory: '5m' } },
    { name: 'written in the query', metric: { ...latency, query: { text: 'rate(x[5m])' } } },
  ])('as $name are used once per range, and the rest is told', ({ metric }) => {
    const sides = { stable: smooth(0), candidate: smooth(3) };
    const analysis = { source: 's', minimum: { points: 3 }, metrics: [metric] };
    const [verdict] = judge(input(analysis, { latency: sides })).metrics;
    expect(verdict?.stable.points).toBe(3);
    expect(verdict?.leftOut).toEqual(['57 values that share data with one that is used']);
    expect(verdict?.verdict).toBe('unclear');
  });
});
