import { describe, expect, test } from 'vitest';
import {
  type BudgetFacts,
  burnPairs,
  burnPairs30d,
  burnRate,
  mayStart,
} from '#core/analysis/budget.ts';
import { judge } from '#core/analysis/index.ts';
import type { JudgeInput } from '#core/analysis/judge.ts';
import { secondsUntilCap, spentOf } from '#core/analysis/spend-cap.ts';
import { errors, input, steadyRatio } from './measured.ts';

const month = { target: 0.999, periodSeconds: 30 * 86_400 };
const quiet = new Map(
  burnPairs30d.flatMap((pair) => [
    [pair.longSeconds, 0.5] as const,
    [pair.shortSeconds, 0.5] as const,
  ]),
);
const facts = (
  burns: Readonly<Record<number, number | null>>,
  remaining: number | null = 0.8,
): BudgetFacts => ({
  burns: new Map([
    ...quiet,
    ...Object.entries(burns).map(([window, burn]) => [Number(window), burn] as const),
  ]),
  remaining,
});

test('burning at rate one spends exactly what is allowed', () => {
  expect(burnRate(month, 1, 1000)).toBeCloseTo(1, 12);
  expect(burnRate(month, 0, 1000)).toBe(0);
  expect(burnRate(month, 0, 0)).toBeNull();
});

test('factors scale with the period', () => {
  expect(burnPairs(28 * 86_400).map(({ factor }) => Math.round(factor * 100) / 100)).toEqual([
    13.44, 5.6, 2.8, 0.93,
  ]);
});

describe('the start gate', () => {
  test.each([
    { name: 'quiet', asked: facts({}), answer: 'open' },
    {
      name: 'both windows of a page pair burn',
      asked: facts({ 3600: 20, 300: 20 }),
      answer: 'block',
    },
    { name: 'only the short one burns', asked: facts({ 300: 20 }), answer: 'open' },
    { name: 'only the long one burns: it is over', asked: facts({ 3600: 20 }), answer: 'open' },
    { name: 'exactly at the factor', asked: facts({ 3600: 14.4, 300: 14.4 }), answer: 'open' },
    { name: 'a ticket pair burns', asked: facts({ 86400: 4, 7200: 4 }), answer: 'warn' },
    { name: 'a quarter is left', asked: facts({}, 0.25), answer: 'warn' },
    { name: 'a tenth is left', asked: facts({}, 0.1), answer: 'block' },
    { name: 'no data for a window', asked: facts({ 3600: null }), answer: 'open' },
    { name: 'no data for a pair', asked: facts({ 3600: null, 300: null }), answer: 'inconclusive' },
    { name: 'no data for the rest', asked: facts({}, null), answer: 'inconclusive' },
    {
      name: 'no data, but a page burns',
      asked: facts({ 21600: 9, 1800: 9, 3600: null, 300: null }, null),
      answer: 'block',
    },
  ])('$name: $answer', ({ asked, answer }) => {
    const found = mayStart(burnPairs30d, asked);
    expect(found.answer).toBe(answer);
    expect(found.reasons.length > 0).toBe(answer !== 'open');
  });
});

describe('the spend cap', () => {
  test('the arithmetic of the SRE workbook: 5 % of traffic failing by 20 % costs as much as 1 % of all', () => {
    const whole = spentOf(month, [{ weight: 1, excess: 0.01, seconds: 600 }]);
    expect(spentOf(month, [{ weight: 0.05, excess: 0.2, seconds: 600 }])).toBeCloseTo(whole, 12);
    expect(whole).toBeCloseTo((0.01 * 600) / (30 * 86_400 * 0.001), 12);
  });

  test('time until it is reached spends exactly the cap', () => {
    const seconds = secondsUntilCap(month, 0.05, 0.2, 0.05);
    expect(seconds).toBeCloseTo(12_960, 6);
    const spent = [{ weight: 0.05, excess: 0.2, seconds }];
    expect(spentOf(month, spent)).toBeCloseTo(0.05, 9);
  });

  test('a better candidate earns nothing back', () => {
    expect(spentOf(month, [{ weight: 0.5, excess: -0.1, seconds: 600 }])).toBe(0);
    expect(secondsUntilCap(month, 0.5, -0.1, 0.05)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a release that has spent its part', () => {
  const spend = { metric: 'errors', target: 0.999, period: '30d', cap: 0.05 };
  const sides = (bad: number) => ({
    errors: { stable: steadyRatio(1, 800, 4), candidate: steadyRatio(bad, 200, 4) },
  });
  const judged = (bad: number, exposure?: JudgeInput['exposure']) =>
    judge(
      input(
        { source: 's', alpha: 0.001, metrics: [{ ...errors, limit: 1 }], spend },
        sides(bad),
        exposure === undefined ? {} : { exposure },
      ),
    );

  test('is stopped at once, whatever the tests say', () => {
    const before = judged(3, { weight: 0.5, spentBefore: 0.04 });
    expect(before.action).toBe('go_on');
    // 60 s at half the traffic and 1.375 points more errors, of 2,592 s of full outage.
    expect(before.spent).toBeCloseTo(0.04 + (0.5 * 0.01375 * 60) / 2592, 9);
    const after = judged(3, { weight: 0.5, spentBefore: 0.0499 });
    expect(after).toMatchObject({ action: 'abort_now', phase: 'failed' });
    expect(after.summary).toBe(
      'errors: 5 % of the error budget of 30d is spent on this release, and 5 % is what it may cost.',
    );
    expect(before.metrics[0]?.verdict).not.toBe('worse');
  });

  test('without traffic, or where nothing says what it serves, nothing is spent', () => {
    expect(judged(3, { weight: 0, spentBefore: 0 }).spent).toBe(0);
    expect(judged(3).spent).toBeUndefined();
  });
});
