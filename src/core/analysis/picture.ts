import type { Block } from '#core/message.ts';
import type { Judgement, MetricVerdict } from './verdict.ts';

const width = 41;
const middle = (width - 1) / 2;

/**
 * The intervals of a look against their floors, as fixed-width text that every platform can show:
 * `|` is no change, `:` the floors, `o` the estimate, `-` the interval, `<` and `>` an end beyond the
 * edge. Each row is drawn in relative change; the edge is the largest thing worth seeing. Null when
 * nothing was compared.
 */
export function intervalPicture(judgement: Judgement): Block | null {
  const rows = judgement.metrics.flatMap((metric) => {
    const drawn = relativeOf(metric);
    return drawn === null ? [] : [drawn];
  });
  if (rows.length === 0) return null;
  const edge = Math.max(
    0.2,
    ...rows.map((row) => Math.min(3, row.floor * 2, 3)),
    ...rows.map(reach),
  );
  const names = Math.min(24, Math.max(...rows.map((row) => row.name.length)));
  const lines = rows.map(
    (row) => `${row.name.slice(0, names).padEnd(names)} ${draw(row, edge)} ${row.mark}`,
  );
  const label = `${Math.round(edge * 100)} %`;
  const scale = `${' '.repeat(names)} ${axis(`-${label}`, `+${label}`)}`;
  return { kind: 'code', text: [...lines, scale].join('\n') };
}

interface Row {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly estimate: number;
  readonly floor: number;
  readonly mark: string;
}

function relativeOf(metric: MetricVerdict): Row | null {
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

/** What of a row should be within the picture: the estimate and the nearer end, at most ninefold. */
function reach(row: Row): number {
  const ends = [Math.abs(row.low), Math.abs(row.high)].filter((end) => Number.isFinite(end));
  return Math.min(9, Math.max(Math.abs(row.estimate) * 1.2, Math.min(1, ...ends)));
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

function axis(left: string, right: string): string {
  const gap = Math.max(1, middle - left.length);
  return `${left}${' '.repeat(gap)}0${' '.repeat(Math.max(1, middle - right.length))}${right}`;
}
