import type { Block, Chart } from '#core/message.ts';
import { formatQuantity } from '#core/quantity.ts';
import { sparkline } from '#core/sparkline.ts';
import { plainLine } from './chart-points.ts';

/**
 * A chart in figures, for a workspace that shows neither charts nor pictures: one row a series. Null
 * when there is nothing to show.
 */
export function chartTable(chart: Chart): Extract<Block, { kind: 'table' }> | null {
  const line = plainLine(chart);
  if (line === null) return null;
  const figure = (value: number): string => formatQuantity(value, chart.unit);
  const all = line.series.flatMap(({ values }) => values);
  const [low, high] = [Math.min(0, ...all), Math.max(...all)];
  const rows = line.series
    .slice(0, 20)
    .map(({ name, values }) => [
      [name],
      [figure(values.at(-1) ?? 0)],
      [figure(Math.min(...values))],
      [figure(Math.max(...values))],
      [sparkline(values, low, high, 20)],
    ]);
  const { limit } = chart;
  const blank = ['–'];
  return {
    kind: 'table',
    columns: [
      { label: chart.title },
      { label: 'Latest', align: 'right' },
      { label: 'Lowest', align: 'right' },
      { label: 'Highest', align: 'right' },
      {
        label: `${line.labels[0] ?? ''} to ${line.labels.at(-1) ?? ''}${chart.days === undefined ? ' UTC' : ''}`,
      },
    ],
    rows:
      limit === undefined
        ? rows
        : [...rows, [[limit.label], [figure(limit.value)], blank, blank, blank]],
  };
}
