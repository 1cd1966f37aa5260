import { z } from 'zod';
import { type BudgetAnswer, burnPairs, mayStart } from '#core/analysis/budget.ts';
import type { Gate, GateDecision } from '#core/gate.ts';

const Options = z.strictObject({
  objective: z.string().describe('Name of an entry of `objectives`.'),
  floor: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe('Part of the budget that must be left for anything to start.'),
  warnAt: z.number().min(0).max(1).default(0.25).describe('From here on it is remarked.'),
  exempt: z
    .array(z.string().regex(/^[a-z][a-z0-9-]*$/))
    .default(['reliability', 'rollback'])
    .describe('Tags (`#reliability` in the reason) of releases that start all the same.'),
});
type Options = z.infer<typeof Options>;

/** The service has error budget left and does not burn it too fast. Going back is never asked. */
export const errorBudget: Gate<Options, 'budgets'> = {
  name: 'error-budget',
  summary: 'The service has error budget left and does not burn it too fast.',
  options: Options,
  needs: ['budgets'],
  overridable: true,
  asks: ['start'],
  evaluate(options, { budgets }, { plan }) {
    const tag = options.exempt.find((one) => plan.reason.split(/\s+/).includes(`#${one}`));
    if (tag !== undefined) return pass(`Tagged #${tag}: the error budget is not asked.`, []);
    if (plan.previous === null) return pass('First release here: no budget is spent yet.', []);
    const budget = budgets[options.objective];
    if (budget === undefined) {
      return {
        verdict: 'block',
        reason: `The objective ${options.objective} is not in the settings.`,
        next: 'Correct the settings.',
        evidence: [],
        until: null,
      };
    }
    const burns = new Map(budget.burns.map(({ seconds, rate }) => [seconds, rate]));
    const answer = mayStart(
      burnPairs(budget.periodSeconds),
      { burns, remaining: budget.remaining },
      options,
    );
    return decided(answer, [...budget.evidence]);
  },
};

function decided(answer: BudgetAnswer, evidence: readonly string[]): GateDecision {
  const reason = answer.reasons.join(' ');
  switch (answer.answer) {
    case 'open':
      return pass('The error budget is sound.', evidence);
    case 'warn':
      return pass(reason, evidence);
    case 'block':
      return {
        verdict: 'hold',
        reason,
        next: 'Wait until it has recovered, or tag a release that mends it with #reliability.',
        evidence,
        until: null,
      };
    case 'inconclusive':
      return {
        verdict: 'hold',
        reason,
        next: 'See to the metrics source; it goes on by itself once there is an answer.',
        evidence,
        until: null,
      };
  }
}

function pass(reason: string, evidence: readonly string[]): GateDecision {
  return { verdict: 'pass', reason, next: '', evidence, until: null };
}
