import { describe, expect, it } from 'vitest';
import { chartOption } from '#adapters/charts/chart-option.ts';
import { createChartPainter } from '#adapters/charts/chart-painter.ts';
import type { Chart } from '#core/message.ts';

const start = Date.UTC(2026, 10, 21, 14);
const chart: Chart = {
  title: 'errors',
  unit: 'percent',
  series: [
    { name: 'v1', side: 'stable', points: points([0.4, 0.5, 0.4]) },
    { name: 'v2', side: 'candidate', points: points([0.4, 1.2, 4.1]) },
  ],
  limit: { label: 'limit', value: 5 },
};

function points(values: readonly number[]) {
  return values.map((value, index) => ({ at: start + index * 15_000, value }));
}

describe('the chart painter', () => {
  const paint = createChartPainter();

  it('draws a PNG of 1600 by 800 that chat platforms take', async () => {
    const png = Buffer.from(await paint(chart));
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1600, 800]);
    expect(png.length).toBeLessThan(300_000);
  });

  it('writes with its own fonts: another title is another picture', async () => {
    const other = await paint({ ...chart, title: 'latency' });
    expect(Buffer.from(other).equals(Buffer.from(await paint(chart)))).toBe(false);
  });

  it('draws the same picture for the same chart', async () => {
    expect(Buffer.from(await paint(chart)).equals(Buffer.from(await paint(chart)))).toBe(true);
  });

  it.each([
    ['no series', []],
    ['no points', [{ name: 'v1', side: 'stable', points: [] }]],
    ['one point', [{ name: 'v1', side: 'stable', points: points([3]) }]],
    ['only zeros', [{ name: 'v1', side: 'candidate', points: points([0, 0]) }]],
    ['values below zero', [{ name: 'v1', side: 'other', points: points([-3, 2]) }]],
    ['hostile names', [{ name: '<script>&"\u0000', side: 'baseline', points: points([1, 2]) }]],
  ] as const satisfies readonly (readonly [string, Chart['series']])[])(
    'draws %s',
    async (_, series) => {
      const { limit: _limit, ...plain } = chart;
      const png = await paint({ ...plain, title: '<b>&\u0007', series });
      expect(png.length).toBeGreaterThan(1000);
    },
  );
});

it('draws stretches of days as bars that are named by their days in the zone', () => {
  const weeks = (values: readonly number[]) =>
    values.map((value, index) => ({ at: Date.UTC(2026, 10, 1, 23) + index * 604_800_000, value }));
  const option = JSON.stringify(
    chartOption({
      title: 'Production deployments by week',
      unit: 'count',
      days: { zone: 'Europe/Berlin' },
      series: [{ name: 'reached 100 %', side: 'stable', points: weeks([1, 0, 1]) }],
    }),
  );
  expect(option).toContain('"type":"bar"');
  expect(option).toContain('["2 Nov","9 Nov","16 Nov"]');
  expect(option).toContain('"interval":1');
});
