import type { Block, Interval } from '#core/message.ts';
import { explainMetric, type IntervalBar } from './explained-metric.ts';
import { labelOf } from './metric-label.ts';
import type { Judgement, MetricVerdict } from './verdict.ts';
import { wordOfVerdict } from './verdict-word.ts';
import { worstFirst } from './worst-first.ts';

const width = 41;
const middle = (width - 1) / 2;

/**
 * The intervals of a look against their floors, the worst first, as fixed-width text that every platform can show:
 * `|` is no change, `:` the floors, `o` the estimate, `-` the interval, `<` and `>` an end beyond the
 * edge, which is written behind. Null when nothing was compared.
 */
export function intervalPicture(judgement: Judgement): Block | null {
  const rows = worstFirst(judgement.metrics).flatMap((metric) => {
    const { bar } = explainMetric(metric);
    return bar === null ? [] : [{ metric, bar }];
  });
  if (rows.length === 0) return null;
  const names = Math.min(24, Math.max(...rows.map(({ metric }) => labelOf(metric).length)));
  const scales = Math.max(7, ...rows.map(({ bar }) => bar.reach.length + 1));
  const lines = rows.map(({ metric, bar }) => {
    const scale = `±${bar.reach}`.padEnd(scales);
    const { word } = wordOfVerdict(metric);
    return `${labelOf(metric).slice(0, names).padEnd(names)} ${draw(bar)} ${scale} ${word}`;
  });
  return {
    kind: 'code',
    text: lines.join('\n'),
    intervals: rows.map(({ metric, bar }) => intervalOf(metric, bar)),
  };
}

function intervalOf(metric: MetricVerdict, bar: IntervalBar): Interval {
  const { reach: _reach, ...drawn } = bar;
  return { label: labelOf(metric), ...wordOfVerdict(metric), ...drawn };
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
