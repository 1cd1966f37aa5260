import { describe, expect, test } from 'vitest';
import { judge } from '#core/analysis/index.ts';
import { Metric } from '#core/analysis/metric.ts';
import { classify } from '#core/analysis/profiles/aca-classify.ts';
import { AcaMetric } from '#core/analysis/profiles/aca-metric.ts';
import { acaValues, withoutOutliers } from '#core/analysis/profiles/aca-preparation.ts';
import { acaScore, type ScoredMetric } from '#core/analysis/profiles/aca-score.ts';
import { input, unfit, values, wiggle } from '../measured.ts';

const level = Float64Array.from([10, 11, 9, 10.5, 9.5, 10.2, 9.8, 10.1]).sort();
const high = level.map((value) => value + 5);
const none = new Float64Array();

function label(
  control: Float64Array,
  experiment: Float64Array,
  aca: object = {},
  critical = false,
) {
  return classify(control, experiment, AcaMetric.parse(aca), critical);
}

describe('classification', () => {
  test.each([
    { name: 'high', control: level, experiment: high, aca: {}, expected: 'High' },
    { name: 'low', control: high, experiment: level, aca: {}, expected: 'Low' },
    {
      name: 'high, but only falls are watched',
      control: level,
      experiment: high,
      aca: { direction: 'decrease' },
      expected: 'Pass',
    },
    {
      name: 'low, but only rises are watched',
      control: high,
      experiment: level,
      aca: { direction: 'increase' },
      expected: 'Pass',
    },
    {
      name: 'high, but within the effect allowed',
      control: level,
      experiment: high,
      aca: { effectSize: { allowedIncrease: 2 } },
      expected: 'Pass',
    },
    {
      name: 'high by the common language effect size',
      control: level,
      experiment: high,
      aca: { effectSize: { measure: 'cles', allowedIncrease: 0.9 } },
      expected: 'High',
    },
    {
      name: 'the same values in another order',
      control: level,
      experiment: level.slice(),
      aca: {},
      expected: 'Pass',
    },
    {
      name: 'a mean of zero leaves the effect out',
      control: Float64Array.from([-1, 0, 1, -0.5, 0.5]).sort(),
      experiment: Float64Array.from([5, 6, 7, 5.5, 6.5]).sort(),
      aca: { effectSize: { allowedIncrease: 99 } },
      expected: 'High',
    },
    { name: 'nothing on a side', control: level, experiment: none, aca: {}, expected: 'Nodata' },
    {
      name: 'nothing where data are required',
      control: level,
      experiment: none,
      aca: { mustHaveData: true },
      expected: 'NodataFailMetric',
    },
    {
      name: 'nothing under the replace strategy',
      control: none,
      experiment: none,
      aca: { nanStrategy: 'replace' },
      expected: 'Pass',
    },
  ])('$name: $expected', ({ control, experiment, aca, expected }) => {
    expect(label(control, experiment, aca).label).toBe(expected);
  });

  test('two points a side, wholly apart, are enough for it', () => {
    expect(label(Float64Array.of(1, 2), Float64Array.of(8, 9)).label).toBe('High');
  });

  test('constant sides that differ are compared exactly, every time alike', () => {
    const found = label(Float64Array.of(5, 5, 5), Float64Array.of(6, 6, 6));
    expect(found).toMatchObject({ label: 'High', shift: { low: 1, high: 1, estimate: 1 } });
  });

  test('units do not matter, although they do in Kayenta', () => {
    const small = (side: Float64Array) => side.map((value) => value * 1e-6);
    expect(label(small(level), small(high)).label).toBe('High');
  });

  test('a critical metric is fatal when its own effect is reached', () => {
    expect(label(level, high, { effectSize: { criticalIncrease: 1.2 } }, true).critical).toBe(true);
    expect(label(level, high, { effectSize: { criticalIncrease: 2 } }, true).critical).toBe(false);
    expect(label(level, none, {}, true)).toMatchObject({ label: 'Nodata', critical: true });
  });
});

describe('preparation', () => {
  const metric = Metric.parse({ name: 'a', type: 'ratio' });
  const reading = {
    class: 'ok' as const,
    query: '',
    notes: [],
    samples: [
      { kind: 'ratio' as const, at: 1, bad: 1, total: 4 },
      { kind: 'ratio' as const, at: 2, bad: 0, total: 0 },
    ],
  };

  test('intervals without traffic are dropped or count as zero', () => {
    expect([...acaValues(metric, AcaMetric.parse({}), reading)]).toEqual([0.25]);
    expect([...acaValues(metric, AcaMetric.parse({ nanStrategy: 'replace' }), reading)]).toEqual([
      0, 0.25,
    ]);
  });

  test('outliers go, never what lies between the 1st and 99th percentile', () => {
    const many = Float64Array.from({ length: 300 }, (_, i) => (i === 299 ? 1e6 : 100 + (i % 10)));
    expect(withoutOutliers(many.sort(), 3).at(-1)).toBe(109);
    const few = Float64Array.of(1, 1, 1, 1, 50);
    expect(withoutOutliers(few, 3).length).toBe(4);
  });
});

describe('score', () => {
  const scored = (label: ScoredMetric['label'], group = 'a', critical = false): ScoredMetric => ({
    groups: [group],
    label,
    critical,
  });

  test.each([
    { name: 'all pass', metrics: [scored('Pass'), scored('Pass')], weights: {}, score: 100 },
    { name: 'one of two fails', metrics: [scored('Pass'), scored('High')], weights: {}, score: 50 },
    {
      name: 'a group without a weight takes the rest',
      metrics: [scored('Pass'), scored('High', 'b')],
      weights: { a: 30 },
      score: 30,
    },
    {
      name: 'no data is left out',
      metrics: [scored('Pass'), scored('Nodata'), scored('High')],
      weights: {},
      score: 50,
    },
    {
      name: 'missing data that are required count',
      metrics: [scored('Pass'), scored('NodataFailMetric')],
      weights: {},
      score: 50,
    },
    {
      name: 'a group with no data at all counts as full',
      metrics: [scored('Pass'), scored('Pass'), scored('Nodata', 'b')],
      weights: { a: 50, b: 50 },
      score: 100,
    },
    {
      name: 'half without data makes it zero',
      metrics: [scored('Pass'), scored('Nodata')],
      weights: {},
      score: 0,
    },
    {
      name: 'a critical failure makes it zero',
      metrics: [scored('Pass'), scored('Pass'), scored('High', 'b', true)],
      weights: {},
      score: 0,
    },
    {
      name: 'weights are not rescaled',
      metrics: [scored('Pass')],
      weights: { a: 40, gone: 60 },
      score: 40,
    },
  ])('$name: $score', ({ metrics, weights, score }) => {
    expect(acaScore(metrics, weights)).toBe(score);
  });
});

describe('the profile', () => {
  const metrics = ['a', 'b', 'c', 'd'].map((name) => ({ name, type: 'gauge' }));
  const analysis = (score?: object) => ({
    source: 's',
    profile: 'netflix-aca',
    metrics,
    ...(score && { score }),
  });
  const same = { stable: wiggle(100, 30), candidate: wiggle(100, 30, 1) };
  const worse = { stable: wiggle(100, 30), candidate: wiggle(200, 30, 1) };
  const three = { a: same, b: same, c: same };

  test.each([
    { name: 'exactly at marginal goes on', marginal: 75, last: false, phase: 'running' },
    {
      name: 'exactly at marginal asks at the end',
      marginal: 75,
      last: true,
      phase: 'inconclusive',
    },
    { name: 'just below fails', marginal: 75.1, last: false, phase: 'failed' },
  ])('$name', ({ marginal, last, phase }) => {
    const asked = input(analysis({ pass: 95, marginal }), { ...three, d: worse }, { last });
    expect(judge(asked)).toMatchObject({ phase, score: 75 });
  });

  test('passes at pass', () => {
    const asked = input(
      analysis({ pass: 75, marginal: 50 }),
      { ...three, d: worse },
      { last: true },
    );
    expect(judge(asked)).toMatchObject({ phase: 'successful', score: 75 });
  });

  test('a source that fails neither passes nor fails the canary', () => {
    const down = { stable: unfit('provider_error'), candidate: unfit('provider_error') };
    const asked = input(analysis(), { ...three, d: down }, { last: true });
    expect(judge(asked)).toMatchObject({ phase: 'error', action: 'pause' });
  });

  test('too few points wait', () => {
    const few = { stable: values([1, 2]), candidate: values([8, 9]) };
    expect(judge(input(analysis(), { a: few, b: few, c: few, d: few })).phase).toBe('pending');
  });

  test('a muted metric is shown and not counted', () => {
    const muted = {
      ...analysis(),
      metrics: metrics.map((one) => (one.name === 'd' ? { ...one, dryRun: true } : one)),
    };
    expect(judge(input(muted, { ...three, d: worse }))).toMatchObject({
      phase: 'running',
      score: 100,
    });
  });
});
