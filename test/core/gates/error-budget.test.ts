import { describe, expect, test } from 'vitest';
import { errorBudget } from '#core/gates/error-budget.ts';
import { plan, start } from '../cards/a-rollout.ts';

const calm = { 300: 0.5, 3600: 0.5, 1800: 0.5, 21600: 0.5, 7200: 0.5, 86400: 0.5, 259200: 0.5 };

function ask(
  burns: Readonly<Record<number, number | null>>,
  remaining: number | null,
  reason = 'new checkout',
) {
  const options = errorBudget.options.parse({ objective: 'web' });
  const budgets = {
    web: {
      periodSeconds: 2_592_000,
      burns: Object.entries(burns).map(([seconds, rate]) => ({ seconds: Number(seconds), rate })),
      remaining,
      evidence: ['5m: 0.50 times the allowed speed'],
    },
  };
  return errorBudget.evaluate(
    options,
    { budgets },
    { verb: 'start', now: start, plan: plan({ reason }) },
  );
}

describe('the error budget', () => {
  test.each([
    { name: 'sound', burns: calm, left: 0.8, verdict: 'pass', says: 'sound' },
    {
      name: 'scarce',
      burns: calm,
      left: 0.2,
      verdict: 'pass',
      says: '20 % of the error budget is left',
    },
    { name: 'spent', burns: calm, left: 0.05, verdict: 'hold', says: 'Only 5 %' },
    {
      name: 'burning in both windows of a pair',
      burns: { ...calm, 300: 20, 3600: 15 },
      left: 0.8,
      verdict: 'hold',
      says: 'more than 14.4 times too fast over 1 h',
    },
    {
      name: 'burning in the long window only: it is over',
      burns: { ...calm, 300: 1, 3600: 15 },
      left: 0.8,
      verdict: 'pass',
      says: 'sound',
    },
    {
      name: 'not measured',
      burns: { ...calm, 300: null, 3600: null },
      left: null,
      verdict: 'hold',
      says: 'could not be measured',
    },
  ])('$name: $verdict', ({ burns, left, verdict, says }) => {
    const decision = ask(burns, left);
    expect(decision.verdict).toBe(verdict);
    expect(decision.reason).toContain(says);
    expect(decision.evidence).toHaveLength(1);
  });

  test('lets releases pass that mend it, and asks nobody on the way back', () => {
    expect(ask(calm, 0, 'fix the leak #reliability').verdict).toBe('pass');
    expect(ask(calm, 0, 'about #reliabilityish things').verdict).toBe('hold');
    expect(errorBudget.asks).toEqual(['start']);
  });

  test('blocks where its objective is gone', () => {
    const options = errorBudget.options.parse({ objective: 'gone' });
    const question = { verb: 'start', now: start, plan: plan() } as const;
    expect(errorBudget.evaluate(options, { budgets: {} }, question).verdict).toBe('block');
  });
});
