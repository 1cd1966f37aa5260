import { expect, test } from 'vitest';
import { judge } from '#core/analysis/index.ts';
import { seeded } from '#core/analysis/seeded.ts';
import { input, ratios, wiggle } from './measured.ts';

const analysis = {
  source: 's',
  every: '1s',
  alpha: 0.02,
  minimum: { points: 3, requests: 60 },
  metrics: [
    { name: 'errors', type: 'ratio', critical: true, floor: { relative: 0.25, absolute: 0.01 } },
    { name: 'latency', type: 'latency', floor: { relative: 0.25, absolute: 10 } },
  ],
};
const latency = { stable: wiggle(40, 6), candidate: wiggle(40, 6, 1) };
const stable = ratios([36, 35, 36, 35, 36, 35].map((total) => [0, total] as const));
const totals = [37, 36, 36, 36, 36, 36];

/** Six seconds of a short stage: 26 errors of 217 requests on the candidate, none of 213 on stable. */
const spread: readonly (readonly [string, readonly number[]])[] = [
  ['evenly', [5, 4, 4, 5, 4, 4]],
  ['unevenly', [5, 3, 6, 4, 2, 6]],
  ['late', [0, 0, 2, 7, 9, 8]],
  ['in pairs', [2, 6, 2, 8, 2, 6]],
  ['in two bursts', [0, 0, 13, 0, 0, 13]],
];

function looks(bad: readonly number[], extended: number) {
  const candidate = ratios(bad.map((errors, i) => [errors, totals[i] ?? 36] as const));
  const readings = { errors: { stable, candidate }, latency };
  return judge(input(analysis, readings, { looksBefore: 5 + extended, last: true, extended }));
}

test('12 % errors against none are harm, unless they come in bursts', () => {
  const verdicts = spread.map(([, bad]) => looks(bad, 0).metrics[0]?.verdict);
  expect(verdicts).toEqual(['worse', 'worse', 'unclear', 'unclear', 'unclear']);
});

test.each(spread)('12 % errors against none never end a stage well: spread %s', (_, bad) => {
  const judgement = looks(bad, 0);
  expect(['worse', 'unclear']).toContain(judgement.metrics[0]?.verdict);
  expect(['roll_back', 'extend']).toContain(judgement.action);
  expect(judgement.summary).not.toContain('No harm');
});

test('what looks worse is watched for as long again, and then a person decides', () => {
  const uneven = spread[3]?.[1] ?? [];
  const middle = ratios(uneven.map((errors, i) => [errors, totals[i] ?? 36] as const));
  const readings = { errors: { stable, candidate: middle }, latency };
  expect(judge(input(analysis, readings))).toMatchObject({ phase: 'running', action: 'go_on' });
  expect(looks(uneven, 0)).toMatchObject({ phase: 'pending', action: 'extend' });
  expect(looks(uneven, 5)).toMatchObject({ phase: 'pending', action: 'extend' });
  const end = looks(uneven, 6);
  expect(end).toMatchObject({ phase: 'inconclusive', action: 'pause' });
  expect(end.summary).toMatch(/^errors is not clear\. 12 % .* which looks worse, and too little/);
});

test('a stage of twelve intervals with 10 % errors never passes, one of the same version mostly does', () => {
  const passed = (rate: number): number => {
    let good = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const random = seeded(seed);
      const side = (share: number) =>
        ratios(Array.from({ length: 12 }, () => [random.binomial(40, share), 40] as const));
      const errors = { stable: side(0.01), candidate: side(rate) };
      const looked = judge(input(analysis, { errors, latency }, { last: true, extended: 0 }));
      if (looked.phase === 'successful') good++;
    }
    return good;
  };
  expect(passed(0.1)).toBe(0);
  expect(passed(0.01)).toBeGreaterThanOrEqual(194);
});

test('three seconds with 9 errors of 113, and six times the latency, are not passed over', () => {
  const errors = {
    stable: ratios([
      [0, 38],
      [0, 38],
      [0, 37],
    ]),
    candidate: ratios([
      [4, 37],
      [2, 39],
      [3, 37],
    ]),
  };
  const slow = { stable: wiggle(25, 3), candidate: wiggle(160, 3, 1) };
  const judgement = judge(input(analysis, { errors, latency: slow }, { last: true, extended: 0 }));
  expect(judgement.metrics.map(({ verdict }) => verdict)).toEqual(['unclear', 'unclear']);
  expect(judgement.action).toBe('extend');
});

test('too few data are waited for as long again, unless nothing comes', () => {
  const few = { stable: ratios([[0, 30]]), candidate: ratios([[0, 9]]) };
  const look = (extended: number, more: object = {}) => {
    const [errors] = analysis.metrics;
    const only = { ...analysis, metrics: [{ ...errors, ...more }] };
    return judge(input(only, { errors: few }, { looksBefore: 5 + extended, last: true, extended }));
  };
  expect(look(0)).toMatchObject({ phase: 'pending', action: 'extend' });
  expect(look(6)).toMatchObject({ phase: 'inconclusive', action: 'pause' });
  expect(look(0, { onNoData: 'fail' })).toMatchObject({ phase: 'failed' });
});

test('a suspicion counts in the direction that is bad, and from the floors on', () => {
  const candidate = ratios([2, 6, 2, 8, 2, 6].map((errors) => [errors, 36] as const));
  const verdictOf = (more: object) => {
    const metric = { name: 'errors', type: 'ratio', ...more };
    const only = { ...analysis, alpha: 0.005, metrics: [metric] };
    return judge(input(only, { errors: { stable, candidate } })).metrics[0]?.verdict;
  };
  expect(verdictOf({})).toBe('unclear');
  expect(verdictOf({ bad: 'either' })).toBe('unclear');
  expect(verdictOf({ bad: 'down' })).toBe('same');
  expect(verdictOf({ floor: { absolute: 0.2 } })).toBe('same');
});
