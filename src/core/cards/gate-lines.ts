import type { StepLine, StepMark } from '#core/message.ts';
import type { GateOutcome } from '#core/rollout/events.ts';
import { gateWords } from './standing.ts';

const marks: Readonly<Record<GateOutcome['verdict'], StepMark>> = {
  pass: 'done',
  hold: 'running',
  block: 'failed',
  overridden: 'skipped',
};

/**
 * One line per gate that has something to say; those that passed share one line. What holds comes
 * first, with its reason, what to do about it, and until when.
 */
export function gateLines(outcomes: readonly GateOutcome[]): readonly StepLine[] {
  const passed = outcomes.filter((outcome) => outcome.verdict === 'pass');
  const telling = outcomes.filter((outcome) => outcome.verdict !== 'pass');
  const order = { block: 0, hold: 1, overridden: 2, pass: 3 } as const;
  const lines = telling
    .toSorted((a, b) => order[a.verdict] - order[b.verdict])
    .map((outcome) => gateLine(outcome));
  return passed.length === 0
    ? lines
    : [
        ...lines,
        {
          label: `Passed: ${passed.map((outcome) => gateWords(outcome.gate)).join(', ')}`,
          mark: 'done',
        },
      ];
}

function gateLine(outcome: GateOutcome): StepLine {
  const next = outcome.verdict === 'block' && outcome.next !== '' ? ` ${outcome.next}` : '';
  const label = capitalised(gateWords(outcome.gate));
  return {
    label,
    mark: marks[outcome.verdict],
    detail:
      outcome.until === null
        ? [`${outcome.reason}${next}`]
        : [`${outcome.reason}${next} Until `, { kind: 'time', at: outcome.until, as: 'date' }],
  };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
