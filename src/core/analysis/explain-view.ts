import type { Block, Line } from '#core/message.ts';
import { type ExplainedMetric, explainMetric } from './explained-metric.ts';
import { intervalPicture } from './picture.ts';
import type { Judgement } from './verdict.ts';

/**
 * Everything that a look found, for people who want to check it: a row per metric with both sides,
 * the interval, the test and what it could see; the picture; what was left out; what happens next,
 * unless that is past.
 */
export function explainJudgement(judgement: Judgement, next: string | null): readonly Block[] {
  return [
    { kind: 'text', line: [{ kind: 'strong', text: judgement.summary }] },
    ...explainNumbers(judgement),
    ...(next === null ? [] : [{ kind: 'text', line: [next] } as const]),
  ];
}

/** The table, the picture and the notes of a look. */
export function explainNumbers(judgement: Judgement): readonly Block[] {
  const metrics = judgement.metrics.map(explainMetric);
  const picture = intervalPicture(judgement);
  return [
    {
      kind: 'table',
      columns: [
        { label: 'Metric' },
        { label: 'Stable', align: 'right' },
        { label: 'Candidate', align: 'right' },
        { label: 'Difference', align: 'right' },
        { label: 'Sees from', align: 'right' },
        { label: 'Verdict' },
      ],
      rows: metrics.map(row),
    },
    ...(picture === null ? [] : [picture]),
    ...metrics.flatMap(noted),
  ];
}

function row(metric: ExplainedMetric): readonly Line[] {
  const difference = metric.difference === '–' ? '–' : `${metric.difference} (${metric.interval})`;
  return [
    [metric.dryRun ? `${metric.metric} (not counted)` : metric.metric],
    [metric.stable],
    [metric.candidate],
    [difference],
    [metric.seesFrom],
    [metric.limitCrossed ? 'beyond its limit' : metric.verdict.replaceAll('_', ' ')],
  ];
}

function noted({ metric, notes }: ExplainedMetric): readonly Block[] {
  if (notes.length === 0) return [];
  return [{ kind: 'note', line: [`${metric}: ${notes.join('; ')}.`] }];
}

/** What happens if nobody does anything. */
export function nextStep(action: Judgement['action']): string {
  switch (action) {
    case 'go_on':
      return 'Next: it goes on.';
    case 'extend':
      return 'Next: one more look is added at the same weight, for want of data.';
    case 'pause':
      return 'Next: it stays where it is until a person decides.';
    case 'roll_back':
      return 'Next: it is rolled back unless somebody stops that.';
    case 'abort_now':
      return 'Next: it is rolled back at once.';
  }
}
