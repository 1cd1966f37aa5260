import type { Block, Interval, Tone } from '#core/message.ts';
import { explainMetric, type IntervalBar } from './explained-metric.ts';
import type { Judgement, MetricVerdict } from './verdict.ts';

const width = 41;
const middle = (width - 1) / 2;

/**
 * The intervals of a look against their floors, as fixed-width text that every platform can show:
 * `|` is no change, `:` the floors, `o` the estimate, `-` the interval, `<` and `>` an end beyond the
 * edge, which is written behind. Null when nothing was compared.
 */
export function intervalPicture(judgement: Judgement): Block | null {
  const rows = judgement.metrics.flatMap((metric) => {
    const { bar } = explainMetric(metric);
    return bar === null ? [] : [{ metric, bar }];
  });
  if (rows.length === 0) return null;
  const names = Math.min(24, Math.max(...rows.map(({ metric }) => metric.metric.length)));
  const lines = rows.map(({ metric, bar }) => {
    const scale = `±${Math.round(bar.edge * 100)} %`.padEnd(7);
    const mark = metric.verdict.replaceAll('_', ' ');
    return `${metric.metric.slice(0, names).padEnd(names)} ${draw(bar)} ${scale} ${mark}`;
  });
  return {
    kind: 'code',
    text: lines.join('\n'),
    intervals: rows.map(({ metric, bar }) => intervalOf(metric, bar)),
  };
}

const tones: Readonly<Record<MetricVerdict['verdict'], Tone>> = {
  better: 'success',
  same: 'success',
  unclear: 'warning',
  worse: 'danger',
  too_few_data: 'neutral',
  unusable: 'warning',
  not_evaluated: 'neutral',
};

function intervalOf({ metric, verdict, limitCrossed }: MetricVerdict, bar: IntervalBar): Interval {
  return {
    label: metric,
    word: limitCrossed
      ? 'over limit'
      : verdict === 'same'
        ? 'no worse'
        : verdict.replaceAll('_', ' '),
    tone: limitCrossed ? 'danger' : tones[verdict],
    ...bar,
  };
}

function draw({ edge, estimate, floor, ...ends }: IntervalBar): string {
  const low = ends.low ?? Number.NEGATIVE_INFINITY;
  const high = ends.high ?? Number.POSITIVE_INFINITY;
  const cells = Array.from({ length: width }, () => ' ');
  const place = (value: number): number =>
    Math.max(0, Math.min(width - 1, Math.round(middle + (value / edge) * middle)));
  for (let i = place(low); i <= place(high); i++) cells[i] = '-';
  if (floor <= edge && floor > 0) {
    cells[place(floor)] = ':';
    cells[place(-floor)] = ':';
  }
  cells[middle] = '|';
  if (low < -edge) cells[0] = '<';
  if (high > edge) cells[width - 1] = '>';
  cells[place(estimate)] = 'o';
  return cells.join('');
}
