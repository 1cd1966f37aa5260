import type { Chart, Series } from '#core/message.ts';
import { formatQuantity } from '#core/quantity.ts';
import { clip, printable } from '#core/text-width.ts';
import { dayName } from '#core/when.ts';
import { timeTicks, valueTicks } from './nice-ticks.ts';

/** The family of the fonts that come with this adapter. */
export const fontFamily = 'DejaVu Sans Condensed';

const ink = '#111827';
const faint = '#6b7280';
const grid = '#e5e7eb';
const limitRed = '#dc2626';

/** Stable stands back, the candidate is what one looks at; both are told apart without colour too. */
const looks: Readonly<Record<Series['side'], { color: string; width: number; dash: number[] }>> = {
  stable: { color: '#94a3b8', width: 4, dash: [] },
  candidate: { color: '#2563eb', width: 5, dash: [] },
  baseline: { color: '#a16207', width: 4, dash: [10, 6] },
  other: { color: '#7c3aed', width: 3, dash: [4, 4] },
};

const axisText = { fontFamily, fontSize: 21, color: faint, margin: 14 } as const;

/** The most series that can still be told apart. */
const seriesMax = 6;

/** What to draw, for a picture of 800 by 400 that is read on a phone. */
export function chartOption(chart: Chart): Readonly<Record<string, unknown>> {
  const series = chart.series.filter(({ points }) => points.length > 0).slice(0, seriesMax);
  const limit = chart.limit;
  return {
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: { fontFamily, color: ink },
    title: {
      text: clipped(chart.title, 44),
      left: 28,
      top: 22,
      textStyle: { fontFamily, fontSize: 28, fontWeight: 'bold', color: ink },
    },
    legend: {
      left: 28,
      top: 66,
      icon: 'roundRect',
      itemWidth: 26,
      itemHeight: 10,
      itemGap: 26,
      selectedMode: false,
      textStyle: { fontFamily, fontSize: 23, color: ink },
      data: series.map((one, index) => ({
        name: `${index}`,
        itemStyle: { color: colorOf(one.side, chart.days !== undefined) },
      })),
      formatter: (name: string) => legendText(series[Number(name)], chart),
    },
    grid: { left: 28, right: 34, top: 118, bottom: 22, outerBoundsMode: 'same' },
    yAxis: valueAxis(series, chart),
    ...(chart.days === undefined
      ? {
          xAxis: timeAxis(series),
          series: series.map((one, index) =>
            line(one, index, index === 0 ? limit : undefined, chart),
          ),
        }
      : {
          xAxis: dayAxis(series, chart.days.zone),
          series: series.map((one, index) => bars(one, index)),
        }),
  };
}

/** Stretches of days, side by side. */
function bars({ side, points }: Series, index: number): Record<string, unknown> {
  return {
    type: 'bar',
    name: `${index}`,
    data: points.map(({ value }) => value),
    barGap: '15%',
    barCategoryGap: '45%',
    barMaxWidth: 46,
    itemStyle: { color: colorOf(side, true), borderRadius: [4, 4, 0, 0] },
  };
}

/** Over stretches of days there is nothing to compare: what stands out is what went wrong. */
function colorOf(side: Series['side'], isBars: boolean): string {
  return isBars && side === 'candidate' ? limitRed : looks[side].color;
}

function dayAxis(series: readonly Series[], zone: string): Record<string, unknown> {
  const longest = series.toSorted((a, b) => b.points.length - a.points.length)[0];
  return {
    type: 'category',
    data: (longest?.points ?? []).map(({ at }) => dayName(at, zone)),
    axisLine: { lineStyle: { color: grid, width: 2 } },
    axisTick: { show: false },
    axisLabel: { ...axisText, hideOverlap: true },
  };
}

function line(
  series: Series,
  index: number,
  limit: Chart['limit'],
  chart: Chart,
): Record<string, unknown> {
  const { color, width, dash } = looks[series.side];
  return {
    type: 'line',
    name: `${index}`,
    data: series.points.map(({ at, value }) => [at, value]),
    showSymbol: series.points.length === 1,
    symbol: 'circle',
    symbolSize: 12,
    z: series.side === 'candidate' ? 4 : 3,
    itemStyle: { color },
    lineStyle: {
      color,
      width,
      type: dash.length === 0 ? 'solid' : dash,
      cap: 'round',
      join: 'round',
    },
    ...(series.side === 'candidate' ? { areaStyle: { color, opacity: 0.1 } } : {}),
    ...(limit === undefined ? {} : { markLine: limitLine(limit, chart) }),
  };
}

function limitLine(limit: NonNullable<Chart['limit']>, chart: Chart): Record<string, unknown> {
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: limitRed, width: 2.5, type: [8, 6] },
    label: {
      position: 'insideStartTop',
      fontFamily,
      fontSize: 20,
      color: limitRed,
      formatter: `${clipped(limit.label, 20)} ${formatQuantity(limit.value, chart.unit)}`,
    },
    data: [{ yAxis: limit.value }],
  };
}

function timeAxis(series: readonly Series[]): Record<string, unknown> {
  const times = series.flatMap(({ points }) => points.map(({ at }) => at));
  const from = times.length === 0 ? 0 : Math.min(...times);
  const to = times.length === 0 ? 0 : Math.max(...times);
  const alone = from === to;
  const ticks = alone ? [from] : timeTicks(from, to, 5);
  const length = ticks.some((at) => at % 60_000 !== 0) ? 19 : 16;
  return {
    // A time axis has ideas of its own about its labels.
    type: 'value',
    min: alone ? from - 60_000 : from,
    max: alone ? to + 60_000 : to,
    axisLine: { lineStyle: { color: grid, width: 2 } },
    axisTick: { show: false },
    splitLine: { show: false },
    axisLabel: {
      ...axisText,
      customValues: ticks,
      formatter: (at: number) => new Date(at).toISOString().slice(11, length),
    },
  };
}

/** From zero, so that small differences do not look large. */
function valueAxis(series: readonly Series[], chart: Chart): Record<string, unknown> {
  const values = series.flatMap(({ points }) => points.map(({ value }) => value));
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values, chart.limit?.value ?? 0);
  const base = chart.unit === 'bytes' ? 1024 : 1000;
  const room = chart.days === undefined ? (high - low) * 0.06 : 0;
  const { step, max } = valueTicks(low, high + room, 4, base, chart.unit === 'count' ? 1 : 0);
  return {
    type: 'value',
    min: low < 0 ? Math.floor(low / step) * step : 0,
    max,
    interval: step,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: {
      ...axisText,
      formatter: (value: number) => formatQuantity(value, chart.unit),
    },
    splitLine: { lineStyle: { color: grid, width: 1.5 } },
  };
}

function legendText(series: Series | undefined, chart: Chart): string {
  const last = series?.points.at(-1);
  if (series === undefined || last === undefined) return '';
  if (chart.days !== undefined) return clipped(series.name, 24);
  return `${clipped(series.name, 14)}  ${formatQuantity(last.value, chart.unit)}`;
}

function clipped(text: string, columns: number): string {
  return clip(printable(text), columns);
}
