import { describe, expect, it } from 'vitest';
import type { Step } from '#core/step.ts';
import { strategies } from '#core/strategies/index.ts';

const question = {
  service: 'shop',
  environment: 'production',
  waves: [['eu-1', 'eu-2'], ['us']],
  analysis: 'web',
  analysisEverySeconds: 15,
  freshBaseline: false,
  first: false,
  deadlineSeconds: 600,
};

function told(step: Step): string {
  const at = 'target' in step ? ` ${step.target}` : '';
  switch (step.kind) {
    case 'shift':
      return `shift${at} to ${step.weight}`;
    case 'analyse':
      return `look at${at}${(step.others ?? []).map((other) => ` and ${other}`).join('')} for ${step.seconds}`;
    case 'bake':
      return `bake for ${step.seconds}`;
    case 'hold':
      return `hold ${step.note}`;
    default:
      return `${step.kind}${at}`;
  }
}

function stepsOf(kind: string, options: unknown, more: object = {}): readonly string[] {
  const strategy = strategies.find(({ name }) => name === kind);
  if (strategy === undefined) throw new Error(kind);
  const steps = strategy.steps(strategy.options.parse(options), { ...question, ...more });
  return steps.map((step) => `${step.wave}: ${told(step)}`);
}

const stages = [{ weight: 10, for: 60, hold: true }];
const alone = { waves: [['eu-1', 'eu-2']] };

describe('the targets of a wave go together', () => {
  it.each<[string, unknown, object, readonly string[]]>([
    [
      'canary',
      { stages },
      alone,
      [
        ...['prepare eu-1', 'prepare eu-2', 'shift eu-1 to 10', 'shift eu-2 to 10'],
        ...['look at eu-1 and eu-2 for 60', 'hold at 10 %'],
        ...['promote eu-1', 'promote eu-2', 'retire eu-1', 'retire eu-2'],
      ],
    ],
    [
      'blue-green',
      { preview: true, watch: 30, keep: 20 },
      alone,
      [
        ...['prepare eu-1', 'prepare eu-2', 'hold preview before the switch'],
        ...['shift eu-1 to 100', 'shift eu-2 to 100', 'look at eu-1 and eu-2 for 30'],
        ...['promote eu-1', 'promote eu-2', 'bake for 20', 'retire eu-1', 'retire eu-2'],
      ],
    ],
    [
      'rolling',
      { bake: 5 },
      alone,
      ['replace eu-1', 'replace eu-2', 'bake for 5', 'retire eu-1', 'retire eu-2'],
    ],
    ['canary', { stages }, { ...alone, first: true }, ['replace eu-1', 'replace eu-2']],
  ])('%s', (kind, options, more, steps) => {
    expect(stepsOf(kind, options, more)).toEqual(steps.map((step) => `0: ${step}`));
  });

  it('waves: a canary at first, soaks between, and a person where one is wanted', () => {
    expect(stepsOf('waves', { first: stages, soak: 120, hold: true })).toEqual([
      ...['0: prepare eu-1', '0: prepare eu-2', '0: shift eu-1 to 10', '0: shift eu-2 to 10'],
      ...['0: look at eu-1 and eu-2 for 60', '0: hold at 10 %'],
      ...['0: shift eu-1 to 100', '0: shift eu-2 to 100', '0: look at eu-1 and eu-2 for 120'],
      '0: hold after wave 1',
      ...['0: promote eu-1', '0: promote eu-2', '0: retire eu-1', '0: retire eu-2'],
      ...['1: prepare us', '1: shift us to 100', '1: promote us', '1: retire us'],
    ]);
  });
});
