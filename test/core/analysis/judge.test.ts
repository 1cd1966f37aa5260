import { describe, expect, test } from 'vitest';
import { judge } from '#core/analysis/index.ts';
import { Judgement } from '#core/analysis/verdict.ts';
import {
  bad,
  errors,
  fine,
  input,
  ratios,
  steadyRatio,
  unfit,
  values,
  wiggle,
} from './measured.ts';

const one = { source: 's', metrics: [errors] };

function first(judgement: Judgement) {
  const [metric] = judgement.metrics;
  if (metric === undefined) throw new Error('no metric');
  return metric;
}

describe('one metric', () => {
  test.each([
    {
      name: 'no difference',
      readings: fine,
      last: false,
      verdict: 'same',
      phase: 'running',
      action: 'go_on',
    },
    {
      name: 'no difference, at the last look',
      readings: fine,
      last: true,
      verdict: 'same',
      phase: 'successful',
      action: 'go_on',
    },
    {
      name: 'harm',
      readings: bad,
      last: false,
      verdict: 'worse',
      phase: 'failed',
      action: 'roll_back',
    },
    {
      name: 'the better candidate',
      readings: { stable: bad.candidate, candidate: fine.stable },
      last: true,
      verdict: 'better',
      phase: 'successful',
      action: 'go_on',
    },
    {
      name: 'few requests',
      readings: { stable: steadyRatio(0, 20, 3), candidate: steadyRatio(0, 5, 3) },
      last: false,
      verdict: 'too_few_data',
      phase: 'pending',
      action: 'go_on',
    },
    {
      name: 'few requests, at the last look',
      readings: { stable: steadyRatio(0, 20, 3), candidate: steadyRatio(0, 5, 3) },
      last: true,
      verdict: 'too_few_data',
      phase: 'pending',
      action: 'extend',
    },
    {
      name: 'zero errors out of plenty',
      readings: { stable: steadyRatio(0, 800, 12), candidate: steadyRatio(0, 200, 12) },
      last: true,
      verdict: 'same',
      phase: 'successful',
      action: 'go_on',
    },
    {
      name: 'no traffic yet',
      readings: { stable: fine.stable, candidate: unfit('no_traffic') },
      last: false,
      verdict: 'unusable',
      phase: 'pending',
      action: 'go_on',
    },
    {
      name: 'several series',
      readings: { stable: fine.stable, candidate: unfit('ambiguous_series') },
      last: false,
      verdict: 'unusable',
      phase: 'error',
      action: 'pause',
    },
  ] as const)('$name: $verdict, $phase, $action', ({ readings, last, verdict, phase, action }) => {
    const judgement = judge(input(one, { errors: readings }, { last }));
    expect(judgement).toMatchObject({ look: 12, phase, action });
    expect(first(judgement).verdict).toBe(verdict);
    expect(Judgement.parse(structuredClone(judgement))).toEqual(judgement);
  });

  test('harm below a floor is no harm, however sure', () => {
    const slightly = {
      stable: steadyRatio(500, 10_000, 40),
      candidate: steadyRatio(540, 10_000, 40),
    };
    const floored = (floor: object) =>
      first(judge(input({ source: 's', metrics: [{ ...errors, floor }] }, { errors: slightly })))
        .verdict;
    expect(floored({ relative: 0.05, absolute: 0.001 })).toBe('worse');
    expect(floored({ relative: 0.1, absolute: 0.001 })).toBe('same');
    expect(floored({ relative: 0.05, absolute: 0.005 })).toBe('same');
  });

  test('one interval cannot carry a verdict', () => {
    const calm = Array.from({ length: 11 }, () => [1, 200] as const);
    const blip = { stable: steadyRatio(4, 800, 12), candidate: ratios([...calm, [150, 200]]) };
    const judgement = judge(input(one, { errors: blip }));
    expect([first(judgement).verdict, judgement.phase]).toEqual(['unclear', 'running']);
  });

  test('the direction that is bad decides', () => {
    const up = { stable: wiggle(100, 30), candidate: wiggle(150, 30, 1) };
    const verdicts = (['up', 'down', 'either'] as const).map((direction) => {
      const metric = { name: 'load', type: 'gauge', bad: direction };
      return first(judge(input({ source: 's', metrics: [metric] }, { load: up }))).verdict;
    });
    expect(verdicts).toEqual(['worse', 'better', 'worse']);
  });

  test('a histogram is compared by its tail and told as its quantile', () => {
    const upper = [50, 100, 200, 400, null];
    const sample = (at: number, counts: number[]) =>
      ({ kind: 'histogram', at, upper, counts }) as const;
    const side = (counts: number[]) => ({
      class: 'ok' as const,
      samples: Array.from({ length: 10 }, (_, i) => sample((i + 1) * 15_000, counts)),
      query: '',
      notes: [],
    });
    const metric = {
      name: 'latency',
      type: 'histogram',
      unit: 'milliseconds',
      floor: { absolute: 5 },
    };
    const slow = { stable: side([300, 250, 30, 15, 5]), candidate: side([60, 50, 20, 15, 5]) };
    const found = first(judge(input({ source: 's', metrics: [metric] }, { latency: slow })));
    expect(found.verdict).toBe('worse');
    expect(found.stable.value).toBeCloseTo(166.667, 2);
    expect(found.candidate.value).toBeGreaterThan(300);
    expect(found.low).toBeGreaterThan(0);
    expect(found.stable.requests).toBe(6000);
  });

  test('shares above one half are told from the rarer side', () => {
    const hits = { stable: steadyRatio(720, 800, 20), candidate: steadyRatio(140, 200, 20) };
    const metric = {
      name: 'hits',
      type: 'ratio',
      bad: 'down',
      floor: { relative: 0.1, absolute: 0.01 },
    };
    const found = first(judge(input({ source: 's', metrics: [metric] }, { hits })));
    expect(found).toMatchObject({ verdict: 'worse', stable: { value: 0.9 } });
    expect(found.estimate).toBeCloseTo(-0.2, 9);
    expect(found.high).toBeLessThan(0);
    expect(found.low).toBeLessThan(-0.2);
  });

  test('rare events are compared by exposure', () => {
    const events = (count: number, exposure: number) => ({
      class: 'ok' as const,
      samples: Array.from({ length: 30 }, (_, i) => ({
        kind: 'count' as const,
        at: (i + 1) * 15_000,
        events: count,
        exposure,
      })),
      query: '',
      notes: [],
    });
    const metric = { name: 'restarts', type: 'count', floor: { absolute: 0.001 } };
    const verdict = (count: number) =>
      first(
        judge(
          input(
            { source: 's', metrics: [metric] },
            { restarts: { stable: events(1, 60), candidate: events(count, 15) } },
          ),
        ),
      ).verdict;
    expect(verdict(0)).toBe('same');
    expect(verdict(3)).toBe('worse');
  });

  test('the order of samples and time zero do not matter, and nothing changes from call to call', () => {
    const asked = input(one, { errors: bad });
    const turned = input(one, {
      errors: {
        stable: { ...bad.stable, samples: bad.stable.samples.toReversed() },
        candidate: { ...bad.candidate, samples: bad.candidate.samples.toReversed() },
      },
    });
    expect(judge(asked)).toEqual(judge(structuredClone(asked)));
    expect(judge(turned)).toEqual(judge(asked));
  });

  test('an earlier release is paired by elapsed time', () => {
    const day = 86_400_000;
    const later = bad.candidate.samples.map((sample) => ({ ...sample, at: sample.at + day }));
    const readings = {
      errors: { stable: bad.stable, candidate: { ...bad.candidate, samples: later } },
    };
    expect(first(judge(input(one, readings))).verdict).toBe('too_few_data');
    expect(
      first(judge(input(one, readings, { began: { stable: 0, candidate: day } }))).verdict,
    ).toBe('worse');
  });

  test('intervals seen on one side only are left out and named', () => {
    const short = { stable: fine.stable, candidate: steadyRatio(1, 200, 9) };
    expect(first(judge(input(one, { errors: short }))).leftOut).toEqual([
      '3 intervals seen on stable only',
    ]);
  });
});

describe('missing data', () => {
  const gone = { stable: fine.stable, candidate: unfit('no_series') };
  const down = {
    stable: unfit('provider_error', 'timeout'),
    candidate: unfit('provider_error', 'timeout'),
  };

  test.each([
    {
      onNoData: 'inconclusive',
      readings: gone,
      last: true,
      blindLooks: 0,
      phase: 'inconclusive',
      action: 'pause',
    },
    {
      onNoData: 'pass',
      readings: gone,
      last: true,
      blindLooks: 0,
      phase: 'successful',
      action: 'go_on',
    },
    {
      onNoData: 'fail',
      readings: gone,
      last: true,
      blindLooks: 0,
      phase: 'failed',
      action: 'roll_back',
    },
    {
      onNoData: 'extend',
      readings: gone,
      last: true,
      blindLooks: 0,
      phase: 'pending',
      action: 'extend',
    },
    {
      onNoData: 'extend',
      readings: gone,
      last: true,
      blindLooks: 3,
      phase: 'inconclusive',
      action: 'pause',
    },
    {
      onNoData: 'inconclusive',
      readings: gone,
      last: false,
      blindLooks: 3,
      phase: 'pending',
      action: 'go_on',
    },
    {
      onNoData: 'inconclusive',
      readings: gone,
      last: false,
      blindLooks: 4,
      phase: 'inconclusive',
      action: 'pause',
    },
    {
      onNoData: 'inconclusive',
      readings: down,
      last: false,
      blindLooks: 4,
      phase: 'error',
      action: 'pause',
    },
    {
      onNoData: 'pass',
      readings: down,
      last: true,
      blindLooks: 0,
      phase: 'error',
      action: 'pause',
    },
    {
      onNoData: 'fail',
      readings: down,
      last: true,
      blindLooks: 0,
      phase: 'failed',
      action: 'roll_back',
    },
  ] as const)(
    '$onNoData, last $last, blind $blindLooks: $phase, $action',
    ({ onNoData, readings, last, blindLooks, phase, action }) => {
      const analysis = { source: 's', metrics: [{ ...errors, onNoData }] };
      expect(judge(input(analysis, { errors: readings }, { last, blindLooks }))).toMatchObject({
        phase,
        action,
      });
    },
  );

  test('looks that were added count, where they are told', () => {
    const analysis = { source: 's', metrics: [{ ...errors, onNoData: 'extend' }], extensions: 2 };
    const actions = [0, 1, 2].map(
      (extended) =>
        judge(input(analysis, { errors: gone }, { last: true, blindLooks: 9, extended })).action,
    );
    expect(actions).toEqual(['extend', 'extend', 'pause']);
  });

  test('a metric without a reading is never passed', () => {
    const judgement = judge(input(one, {}, { last: true }));
    expect(first(judgement).verdict).toBe('not_evaluated');
    expect(judgement.phase).toBe('inconclusive');
  });

  test('no metric that counts means that nothing was judged', () => {
    const analysis = { source: 's', metrics: [{ ...errors, dryRun: true }] };
    const judgement = judge(input(analysis, { errors: bad }, { last: true }));
    expect(judgement).toMatchObject({ phase: 'inconclusive', action: 'pause' });
    expect(judgement.summary).toBe('No analysis configured: nothing was judged.');
    expect(first(judgement).verdict).toBe('worse');
  });
});

describe('several metrics', () => {
  const latency = { name: 'latency', type: 'latency', floor: { absolute: 5 } } as const;
  const slow = { stable: wiggle(100, 30), candidate: wiggle(180, 30, 1) };
  const two = { source: 's', metrics: [errors, latency] };

  test('the worst phase wins', () => {
    const level = { stable: wiggle(100, 30), candidate: wiggle(100, 30, 1) };
    expect(judge(input(two, { errors: fine, latency: level }, { last: true })).phase).toBe(
      'successful',
    );
    expect(judge(input(two, { errors: fine, latency: slow }, { last: true })).phase).toBe('failed');
    expect(
      judge(
        input(
          two,
          { errors: { stable: unfit('no_series'), candidate: fine.candidate }, latency: level },
          { last: true },
        ),
      ).phase,
    ).toBe('inconclusive');
  });

  test('a run that is stopped leaves the others not evaluated', () => {
    const judgement = judge(
      input(two, {
        errors: bad,
        latency: { stable: wiggle(100, 3), candidate: wiggle(100, 3, 1) },
      }),
    );
    expect(judgement.metrics.map(({ verdict }) => verdict)).toEqual(['worse', 'not_evaluated']);
    expect(judgement.summary).toMatch(/^errors is worse\. /);
  });

  test('a score weighs harm, and a critical metric does not wait for it', () => {
    const scored = (critical: boolean, last: boolean) =>
      judge(
        input(
          {
            source: 's',
            metrics: [
              { ...errors, weight: 9 },
              { ...latency, critical },
            ],
            score: { pass: 95, marginal: 75 },
          },
          { errors: fine, latency: slow },
          { last },
        ),
      );
    expect(scored(false, false)).toMatchObject({ phase: 'running', score: 90 });
    expect(scored(false, true)).toMatchObject({ phase: 'inconclusive', action: 'pause' });
    expect(scored(true, false)).toMatchObject({ phase: 'failed', action: 'roll_back' });
  });

  test('groups count by their weight', () => {
    const score = { pass: 95, marginal: 75, groups: { errors: 20 } };
    const metrics = [
      { ...errors, group: 'errors' },
      { ...latency, group: 'speed' },
    ];
    const judgement = judge(
      input(
        { source: 's', metrics, score },
        { errors: bad, latency: { stable: wiggle(100, 30), candidate: wiggle(100, 30, 1) } },
      ),
    );
    expect(judgement).toMatchObject({ score: 80, phase: 'running' });
  });
});

describe('a hard limit', () => {
  const limited = { source: 's', metrics: [{ ...errors, limit: 0.05 }] };

  test('on counts needs evidence, and then aborts at once', () => {
    const same = { stable: steadyRatio(100, 1000, 3), candidate: steadyRatio(100, 1000, 3) };
    expect(judge(input(limited, { errors: same }))).toMatchObject({
      phase: 'failed',
      action: 'abort_now',
    });
    const few = { stable: steadyRatio(1, 10, 3), candidate: steadyRatio(1, 10, 3) };
    expect(judge(input(limited, { errors: few })).action).toBe('go_on');
  });

  test.each([
    { name: 'one value beyond it is a blip', all: [100, 100, 300], crossed: false },
    { name: 'two in a row are not', all: [100, 300, 301], crossed: true },
    { name: 'what is over is over', all: [300, 300, 100], crossed: false },
  ])('$name', ({ all, crossed }) => {
    const metric = { name: 'latency', type: 'latency', limit: 250 };
    const judgement = judge(
      input(
        { source: 's', metrics: [metric] },
        { latency: { stable: values([100, 100, 100]), candidate: values(all) } },
      ),
    );
    expect(first(judgement).limitCrossed).toBe(crossed);
    expect(judgement.action).toBe(crossed ? 'abort_now' : 'go_on');
  });

  test('below, where low is bad', () => {
    const metric = { name: 'rate', type: 'gauge', bad: 'down', limit: 10, limitRun: 3 };
    const read = { stable: values([50, 50, 50]), candidate: values([9, 9, 9]) };
    expect(judge(input({ source: 's', metrics: [metric] }, { rate: read })).action).toBe(
      'abort_now',
    );
  });
});
