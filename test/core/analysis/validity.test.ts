import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memoryOf } from '#core/analysis/inefficiency.ts';
import { evidenceOfShift } from '#core/analysis/rank-evidence.ts';
import { rank, scoreShift } from '#core/analysis/ranking.ts';
import { evidenceAboveRate, evidenceOfLess, evidenceOfMore } from '#core/analysis/rate-evidence.ts';
import { seeded } from '#core/analysis/seeded.ts';
import { mostTelling } from '#core/analysis/stretch.ts';

const nothing = { from: 0, to: 0 };

/** The mean of the evidence itself, not of its logarithm, over outcomes with their chances. */
function meanEvidence(
  outcomes: readonly { readonly chance: number; readonly log: number }[],
): number {
  let sum = 0;
  for (const { chance, log } of outcomes) sum += chance * Math.exp(log);
  return sum;
}

function logChoose(n: number, k: number): number {
  let log = 0;
  for (let i = 1; i <= k; i++) log += Math.log((n - k + i) / i);
  return log;
}

describe('counts: evidence is worth one on average when there is no difference', () => {
  test('exactly, for Poisson counts with exposure', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40 }),
        fc.double({ min: 0.02, max: 0.98, noNaN: true }),
        (all, share) => {
          const outcomes = Array.from({ length: all + 1 }, (_, candidate) => ({
            chance: Math.exp(
              logChoose(all, candidate) +
                candidate * Math.log(share) +
                (all - candidate) * Math.log1p(-share),
            ),
            log: evidenceOfMore({ candidate, all, share }, 1),
          }));
          expect(meanEvidence(outcomes)).toBeCloseTo(1, 8);
        },
      ),
    );
  });

  test('at most, for errors out of requests, on either side', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (stable, candidate, part) => {
          const all = Math.round(part * (stable + candidate));
          const share = candidate / (stable + candidate);
          const least = Math.max(0, all - stable);
          const most = Math.min(all, candidate);
          for (const evidence of [evidenceOfMore, evidenceOfLess]) {
            const outcomes = Array.from({ length: most - least + 1 }, (_, i) => ({
              chance: Math.exp(
                logChoose(candidate, least + i) +
                  logChoose(stable, all - least - i) -
                  logChoose(stable + candidate, all),
              ),
              log: evidence({ candidate: least + i, all, share }, 1),
            }));
            expect(meanEvidence(outcomes)).toBeLessThanOrEqual(1 + 1e-9);
          }
        },
      ),
    );
  });

  test('at most, for a rate that is at its limit', () => {
    const mean = 2;
    const outcomes = Array.from({ length: 400 }, (_, events) => ({
      chance: 1,
      log:
        events * Math.log(mean) -
        mean -
        logFactorial(events) +
        evidenceAboveRate(events, 100, mean / 100),
    }));
    expect(meanEvidence(outcomes)).toBeCloseTo(1, 6);
  });
});

function logFactorial(n: number): number {
  let log = 0;
  for (let i = 2; i <= n; i++) log += Math.log(i);
  return log;
}

describe('ranks: evidence is worth one on average over all exchanges within intervals', () => {
  test('exactly, whatever the values, ties included', () => {
    const value = fc.oneof(
      fc.integer({ min: 0, max: 3 }),
      fc.double({ min: 0, max: 1e6, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 9 }), (pairs) => {
        const outcomes = Array.from({ length: 2 ** pairs.length }, (_, mask) => {
          const sides = pairs.map(([a, b], i) => ((mask >> i) & 1 ? [b, a] : [a, b]));
          const stable = Float64Array.from(sides, ([a]) => a ?? 0);
          const candidate = Float64Array.from(sides, ([, b]) => b ?? 0);
          const sorted = { stable: stable.slice().sort(), candidate: candidate.slice().sort() };
          const ranking = rank({ stable, candidate }, sorted);
          const scores = new Float64Array(pairs.length);
          scoreShift(ranking, 0, scores);
          return { chance: 2 ** -pairs.length, log: evidenceOfShift(scores, 1, nothing) };
        });
        expect(meanEvidence(outcomes)).toBeCloseTo(1, 8);
      }),
      { numRuns: 40 },
    );
  });

  test('and leaving out the most telling stretch only lowers it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 1, maxLength: 50 }),
        (values) => {
          const scores = Float64Array.from(values, Math.abs);
          const without = mostTelling(scores, 1);
          expect(without.to - without.from).toBe(Math.ceil(Math.sqrt(values.length) / 2));
          expect(evidenceOfShift(scores, 1, without)).toBeLessThanOrEqual(
            evidenceOfShift(scores, 1, nothing) + 1e-9,
          );
        },
      ),
    );
  });
});

describe('memory', () => {
  /** Median of the time over many series that remember a part of their last value. */
  function medianTime(memory: number, length: number): number {
    const times = Array.from({ length: 60 }, (_, seed) => {
      const draws = seeded(seed + 1);
      let level = draws.normal();
      const series = Array.from({ length }, () => {
        level = memory * level + Math.sqrt(1 - memory ** 2) * draws.normal();
        return level;
      });
      return memoryOf(series).time;
    });
    return times.toSorted((a, b) => a - b)[30] ?? 0;
  }

  test.each([
    { memory: 0, theory: 1 },
    { memory: 0.5, theory: 3 },
    { memory: 0.8, theory: 9 },
  ])('of $memory is found: about $theory', ({ memory, theory }) => {
    expect(medianTime(memory, 2000) / theory).toBeGreaterThan(0.8);
    expect(medianTime(memory, 2000) / theory).toBeLessThan(1.25);
  });

  test('a series that never moves on counts once', () => {
    expect(memoryOf([...Array(40).keys()]).time).toBeGreaterThan(15);
  });
});
