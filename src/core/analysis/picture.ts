import type { Block } from '#core/message.ts';
import type { Judgement, MetricVerdict } from './verdict.ts';

const width = 41;
const middle = (width - 1) / 2;

/** How far a row reaches to either side, in relative change: the smallest that holds what matters. */
const edges = [0.1, 0.2, 0.5, 1, 2, 5, 10] as const;

/**
 * The intervals of a look against their floors, as fixed-width text that every platform can show:
 * `|` is no change, `:` the floors, `o` the estimate, `-` the interval, `<` and `>` an end beyond the
 * edge, which is written behind. Null when nothing was compared.
 */
export function intervalPicture(judgement: Judgement): Block | null {
  const rows = judgement.metrics.flatMap((metric) => rowOf(metric) ?? []);
  if (rows.length === 0) return null;
  const names = Math.min(24, Math.max(...rows.map((row) => row.name.length)));
  const lines = rows.map((row) => {
    const edge = edges.find((one) => one >= reach(row)) ?? 10;
    const scale = `±${Math.round(edge * 100)} %`.padEnd(7);
    return `${row.name.slice(0, names).padEnd(names)} ${draw(row, edge)} ${scale} ${row.mark}`;
  });
  return { kind: 'code', text: lines.join('\n') };
}

interface Row {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly estimate: number;
  readonly floor: number;
  readonly mark: string;
}

function rowOf(metric: MetricVerdict): Row | null {
  const base = Math.abs(metric.stable.value ?? 0);
  if (metric.estimate === null || metric.detail === undefined || base === 0) return null;
  return {
    name: metric.metric,
    low: metric.low === null ? Number.NEGATIVE_INFINITY : metric.low / base,
    high: metric.high === null ? Number.POSITIVE_INFINITY : metric.high / base,
    estimate: metric.estimate / base,
    floor: metric.detail.floor.effect / base,
    mark: metric.verdict === 'too_few_data' ? 'too few data' : metric.verdict,
  };
}

/** What of a row must be seen: the estimate, the floor and the nearer end of the interval. */
function reach(row: Row): number {
  const nearer = Math.min(Math.abs(row.low), Math.abs(row.high));
  return Math.max(
    Math.abs(row.estimate) * 1.1,
    row.floor * 1.5,
    Number.isFinite(nearer) ? nearer : 0,
  );
}

function draw(row: Row, edge: number): string {
  const cells = Array.from({ length: width }, () => ' ');
  const place = (value: number): number =>
    Math.max(0, Math.min(width - 1, Math.round(middle + (value / edge) * middle)));
  for (let i = place(row.low); i <= place(row.high); i++) cells[i] = '-';
  if (row.floor <= edge && row.floor > 0) {
    cells[place(row.floor)] = ':';
    cells[place(-row.floor)] = ':';
  }
  cells[middle] = '|';
  if (row.low < -edge) cells[0] = '<';
  if (row.high > edge) cells[width - 1] = '>';
  cells[place(row.estimate)] = 'o';
  return cells.join('');
}
