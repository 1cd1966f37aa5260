import type { Chart } from '#core/message.ts';
import { formatQuantity } from '#core/quantity.ts';
import { printable } from '#core/text-width.ts';
import { plainLine } from './chart-points.ts';
import { cut } from './plain-text.ts';
import type { Json } from './rich-text.ts';

/** Limits of `data_visualization`: 6 series, 20 shared categories, title 50, labels 20. */
const seriesMax = 6;

/**
 * A line or bar chart of Block Kit, or null when there is nothing to draw. The limit becomes a series of
 * its own, because the block knows no reference line.
 */
export function nativeChart(chart: Chart): Json | null {
  const line = plainLine(chart);
  if (line === null) return null;
  const names = new Set<string>();
  const unique = (wanted: string): string => {
    let name = cut(printable(wanted) || 'series', 20);
    for (let count = 2; names.has(name); count += 1)
      name = `${cut(printable(wanted), 16)} ${count}`;
    names.add(name);
    return name;
  };
  const drawn = line.series.slice(0, seriesMax - (chart.limit === undefined ? 0 : 1));
  const { limit } = chart;
  const all = [
    ...drawn,
    ...(limit === undefined
      ? []
      : [{ name: limit.label, values: line.labels.map(() => limit.value) }]),
  ];
  return {
    type: 'data_visualization',
    title: cut(printable(chart.title) || 'Chart', 50),
    chart: {
      type: chart.days === undefined ? 'line' : 'bar',
      axis_config: {
        categories: line.labels,
        x_label: chart.days === undefined ? 'time (UTC)' : 'from',
        y_label: cut(`in ${unitName(chart)}`, 50),
      },
      series: all.map(({ name, values }) => ({
        name: unique(name),
        data: values.map((value, index) => ({ label: line.labels[index] ?? '', value })),
      })),
    },
  };
}

function unitName({ unit }: Chart): string {
  const sample = formatQuantity(1, unit).replace(/^1 ?/, '');
  return sample === '' ? 'units' : sample;
}
