import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judge } from '#core/analysis/index.ts';
import type { Sample } from '#core/analysis/reading.ts';
import { seeded } from '#core/analysis/seeded.ts';
import type { MetricVerdict } from '#core/analysis/verdict.ts';
import { errors, input, ok, steadyRatio } from './measured.ts';

/** By type: the sample of an interval on a side that is `level` times as bad as usual. */
const samples: Readonly<Record<string, (at: number, level: number, seed: number) => Sample>> = {
  ratio(at, level, seed) {
    const bad = seeded(seed).poisson(level);
    return { kind: 'ratio', at, bad: Math.min(200, bad), total: 200 };
  },
  count(at, level, seed) {
    return { kind: 'count', at, events: seeded(seed).poisson(level), exposure: 15 };
  },
  latency(at, level, seed) {
    return { kind: 'value', at, value: level * 50 * Math.exp(0.2 * seeded(seed).normal()) };
  },
  histogram(at, level, seed) {
    const draws = seeded(seed);
    const counts = [40 / (1 + level), 30, 20, 8, 4 * level].map((mean) => draws.poisson(mean));
    return { kind: 'histogram', at, upper: [50, 100, 200, 400, null], counts };
  },
};

function judged(type: string, levels: readonly [number, number], times: number, seed: number) {
  const sample = samples[type];
  if (sample === undefined) throw new Error(type);
  const side = (level: number, first: number) =>
    ok(
      Array.from({ length: times }, (_, i) =>
        sample((i + 1) * 15_000, level, seed + 2 * i + first),
      ),
    );
  const readings = { m: { stable: side(levels[0], 0), candidate: side(levels[1], 1) } };
  const analysis = { source: 's', metrics: [{ name: 'm', type, floor: { relative: 0 } }] };
  const [verdict] = judge(input(analysis, readings)).metrics;
  if (verdict === undefined) throw new Error('not judged');
  return verdict;
}

function excludesNoChange({ estimate, low, high }: MetricVerdict): boolean {
  const end = (estimate ?? 0) > 0 ? low : high;
  return end !== null && (estimate ?? 0) * end > 0;
}

/** Where the end of the interval of rates comes to lie on no change itself. */
const atTheEdge = [
  [[9.802607192005647, 4.3017301010077045], 17, 8],
  [[10.198647451913756, 4.3017301010077045], 17, 8],
] satisfies [[number, number], number, number][];

test.each(Object.keys(samples))(
  '%s: the interval excludes no change exactly when it decides',
  (type) => {
    const level = fc.oneof(fc.constant(0), fc.double({ min: 0.02, max: 12, noNaN: true }));
    fc.assert(
      fc.property(
        fc.tuple(level, level),
        fc.integer({ min: 12, max: 60 }),
        fc.nat(1e6),
        (...of) => {
          const found = judged(type, ...of);
          if (found.verdict === 'too_few_data' || found.estimate === 0) return;
          const decided = found.verdict === 'worse' || found.verdict === 'better';
          expect(excludesNoChange(found)).toBe(decided);
        },
      ),
      { numRuns: 60, examples: [...atTheEdge] },
    );
  },
);

test('errors on one side only are shown as surely more', () => {
  const only = { stable: steadyRatio(0, 480, 20), candidate: steadyRatio(12, 120, 20) };
  const [found] = judge(input({ source: 's', metrics: [errors] }, { errors: only })).metrics;
  expect(found?.verdict).toBe('worse');
  expect(found?.low).toBeGreaterThan(0.05);
  expect(found?.explanation).toContain('surely');
});
