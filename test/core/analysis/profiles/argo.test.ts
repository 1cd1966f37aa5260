import { describe, expect, test } from 'vitest';
import { judge } from '#core/analysis/index.ts';
import { countUp, type Measured, measure } from '#core/analysis/profiles/argo-count.ts';
import { ArgoMetric } from '#core/analysis/profiles/argo-metric.ts';
import { parseCondition } from '#core/analysis/profiles/condition.ts';
import { input, ok, unfit, values } from '../measured.ts';

describe('conditions', () => {
  test.each([
    ['result[0] >= 0.95', [0.95], true],
    ['result[0] >= 0.95', [0.94], false],
    ['result >= 0.95', [0.97], true],
    ['result[0] < 500 && result[0] > 0', [200], true],
    ['result[0] < 500 and not (result[0] < 0)', [200], true],
    ['result[0] <= 0.01 || isNaN(result[0])', [Number.NaN], true],
    ['!isInf(result[0])', [1 / 0], false],
    ['len(result) == 0', [], true],
    ['isNil(result) || result[0] < 1', [], true],
    ['default(result, 0) < 1', [], true],
    ['default(result, 0) < 1', [3], false],
    ['asInt(result[0]) == 3', [3.7], true],
    ['(result[0] + 1) * 2 - 4 / 2 == 6', [3], true],
    ['-result[0] < -2', [3], true],
    ['result[0] > 1e3', [1001], true],
    ['true', [], true],
    ['result[1] > 0', [1], 'error'],
    ['result[0] > 0', [], 'error'],
    ['result[0]', [1], 'error'],
    ['result > 0', [1, 2], 'error'],
    ['result[0] && true', [1], 'error'],
  ] as const)('%s with %j is %j', (text, result, expected) => {
    expect(parseCondition(text)?.(result)).toBe(expected);
  });

  test.each([
    '',
    'result[0] >',
    'result[0] ~ 1',
    'any(result, {# > 1})',
    'result[0] > 1)',
    'os.exit()',
  ])('%j is not understood', (text) => {
    expect(parseCondition(text)).toBeNull();
  });
});

describe('one measurement', () => {
  const success = { successCondition: 'result[0] < 10' };
  const failure = { failureCondition: 'result[0] > 100' };

  test.each([
    { name: 'success only', argo: success, outcomes: ['successful', 'failed', 'failed'] },
    { name: 'failure only', argo: failure, outcomes: ['successful', 'successful', 'failed'] },
    {
      name: 'both',
      argo: { ...success, ...failure },
      outcomes: ['successful', 'inconclusive', 'failed'],
    },
    {
      name: 'both met',
      argo: { successCondition: 'true', failureCondition: 'true' },
      outcomes: ['failed', 'failed', 'failed'],
    },
    { name: 'neither', argo: {}, outcomes: ['successful', 'successful', 'successful'] },
    {
      name: 'an error in it',
      argo: { successCondition: 'result[1] < 1' },
      outcomes: ['error', 'error', 'error'],
    },
    {
      name: 'not understood',
      argo: { successCondition: 'what?' },
      outcomes: ['error', 'error', 'error'],
    },
  ])('$name', ({ argo, outcomes }) => {
    const metric = ArgoMetric.parse(argo);
    expect([1, 50, 500].map((value) => measure(metric, [value]))).toEqual(outcomes);
  });
});

describe('counters', () => {
  const letters: Readonly<Record<string, Measured>> = {
    s: 'successful',
    f: 'failed',
    i: 'inconclusive',
    e: 'error',
  };

  test.each([
    { argo: {}, seen: '', phase: 'pending' },
    { argo: {}, seen: 's', phase: 'running' },
    { argo: {}, seen: 'f', phase: 'failed' },
    { argo: { failureLimit: 2 }, seen: 'sfsf', phase: 'running' },
    { argo: { failureLimit: 2 }, seen: 'sfsfsf', phase: 'failed' },
    { argo: { failureLimit: -1 }, seen: 'fffff', phase: 'running' },
    { argo: {}, seen: 'i', phase: 'inconclusive' },
    { argo: { inconclusiveLimit: 1 }, seen: 'si', phase: 'running' },
    { argo: {}, seen: 'eeee', phase: 'running' },
    { argo: {}, seen: 'eeeee', phase: 'error' },
    { argo: {}, seen: 'eeeeseeee', phase: 'running' },
    { argo: { count: 3 }, seen: 'seses', phase: 'successful' },
    { argo: { count: 3 }, seen: 'ssesf', phase: 'successful' },
    { argo: { consecutiveSuccessLimit: 2, failureLimit: 5 }, seen: 'sfss', phase: 'successful' },
    {
      argo: { consecutiveSuccessLimit: 3, failureLimit: 5, count: 4 },
      seen: 'sfss',
      phase: 'inconclusive',
    },
    {
      argo: { consecutiveSuccessLimit: 3, failureLimit: -1, count: 4 },
      seen: 'sfss',
      phase: 'failed',
    },
  ])('$seen under $argo is $phase', ({ argo, seen, phase }) => {
    const measured = [...seen].flatMap((letter) => letters[letter] ?? []);
    expect(countUp(ArgoMetric.parse(argo), measured).phase).toBe(phase);
  });
});

describe('the profile', () => {
  const metric = (more: object = {}) => ({
    name: 'a',
    type: 'gauge',
    argo: { successCondition: 'result[0] < 10', ...more },
  });
  const analysis = (...metrics: object[]) => ({ source: 's', profile: 'argo', metrics });
  const sides = (...all: number[]) => ({ stable: values(all), candidate: values(all) });

  test.each([
    { name: 'goes on', asked: sides(1, 2), last: false, phase: 'running', action: 'go_on' },
    {
      name: 'succeeds at the end',
      asked: sides(1, 2),
      last: true,
      phase: 'successful',
      action: 'go_on',
    },
    { name: 'fails', asked: sides(1, 20), last: false, phase: 'failed', action: 'roll_back' },
    {
      name: 'has nothing at the end',
      asked: { stable: ok([]), candidate: ok([]) },
      last: true,
      phase: 'inconclusive',
      action: 'pause',
    },
  ])('$name', ({ asked, last, phase, action }) => {
    expect(judge(input(analysis(metric()), { a: asked }, { last }))).toMatchObject({
      phase,
      action,
    });
  });

  test('errors pause, unlike in Argo', () => {
    const down = { stable: unfit('provider_error'), candidate: unfit('provider_error') };
    const look = (blindLooks: number) =>
      judge(input(analysis(metric()), { a: down }, { blindLooks }));
    expect(look(3)).toMatchObject({ phase: 'running', action: 'go_on' });
    expect(look(4)).toMatchObject({ phase: 'error', action: 'pause' });
  });

  test('what was stopped early is never called successful, unlike in Argo', () => {
    const other = { ...metric(), name: 'b' };
    const judgement = judge(input(analysis(metric(), other), { a: sides(99), b: sides(1) }));
    expect(judgement.metrics.map(({ verdict }) => verdict)).toEqual(['worse', 'not_evaluated']);
  });

  test('ratios and counts are measured as their rate', () => {
    const read = ok([{ kind: 'ratio', at: 1, bad: 30, total: 100 }]);
    const asked = input(analysis(metric({ successCondition: 'result[0] < 0.2' })), {
      a: { stable: read, candidate: read },
    });
    expect(judge(asked).phase).toBe('failed');
  });
});
