import type { Block, Line } from '#core/message.ts';
import { formatChange } from '#core/quantity.ts';
import { intervalPicture } from './picture.ts';
import type { Judgement, MetricVerdict } from './verdict.ts';
import { chanceWords, countWords, differenceWords, valueWords } from './wording.ts';

/**
 * Everything that a look found, for people who want to check it: a row per metric with both sides,
 * the interval, the test and what it could see; the picture; what was left out; what happens next.
 */
export function explainJudgement(judgement: Judgement): readonly Block[] {
  const picture = intervalPicture(judgement);
  return [
    { kind: 'text', line: [{ kind: 'strong', text: judgement.summary }] },
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
      rows: judgement.metrics.map(row),
    },
    ...(picture === null ? [] : [picture]),
    ...judgement.metrics.flatMap(notes),
    { kind: 'text', line: [nextStep(judgement.action)] },
  ];
}

function row(metric: MetricVerdict): readonly Line[] {
  return [
    [metric.dryRun ? `${metric.metric} (not counted)` : metric.metric],
    [sideWords(metric, metric.stable)],
    [sideWords(metric, metric.candidate)],
    [intervalWords(metric)],
    [metric.detectable === null ? '–' : formatChange(metric.detectable)],
    [metric.limitCrossed ? 'beyond its limit' : metric.verdict.replaceAll('_', ' ')],
  ];
}

function scale(metric: MetricVerdict): Parameters<typeof valueWords>[0] | null {
  return metric.detail ?? null;
}

function sideWords(metric: MetricVerdict, side: MetricVerdict['stable']): string {
  const unit = scale(metric);
  if (side.value === null || unit === null) return '–';
  const size = side.requests === null ? `${side.points} points` : countWords(side.requests);
  return `${valueWords(unit, side.value)} (${size})`;
}

function intervalWords(metric: MetricVerdict): string {
  const unit = scale(metric);
  if (metric.estimate === null || unit === null) return '–';
  const end = (value: number | null): string =>
    value === null ? 'open' : differenceWords(unit, value);
  return `${differenceWords(unit, metric.estimate)} (${end(metric.low)} to ${end(metric.high)})`;
}

function notes(metric: MetricVerdict): readonly Block[] {
  const { detail } = metric;
  const parts = [
    ...(metric.because === null ? [] : [metric.because]),
    ...(detail === undefined ? [] : [metric.test, `chance spent ${detail.alpha.toPrecision(2)}`]),
    ...(detail !== undefined && detail.evidence >= Math.log(20)
      ? [`harm by chance ${chanceWords(detail.evidence)}`]
      : []),
    ...(detail !== undefined && detail.inefficiency >= 1.5
      ? [`${detail.inefficiency.toFixed(1)} points count as one, for clumps and memory`]
      : []),
    ...metric.leftOut.map((left) => `left out: ${left}`),
  ];
  if (parts.length === 0) return [];
  return [{ kind: 'note', line: [`${metric.metric}: ${parts.join('; ')}.`] }];
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
