import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nativeChart } from '#adapters/slack/native-chart.ts';
import { figureWords, statsView, trendWords, weeksChart } from '#core/cards/stats-view.ts';
import { figuresCsv, releasesCsv } from '#core/figures/export.ts';
import { type FigureQuestion, figuresOf } from '#core/figures/figures.ts';
import type { ReleaseRecord } from '#core/figures/release-record.ts';
import { trendOf } from '#core/figures/trend.ts';
import { weeksOf } from '#core/figures/weeks.ts';
import { handMade, november } from './hand-made-ledger.ts';

const day = 86_400_000;
const [sample] = handMade;
if (sample === undefined) throw new Error('the ledger is empty');
const base: ReleaseRecord = sample;

function record(rollout: string, endedAt: number, over: Partial<ReleaseRecord> = {}) {
  const began = endedAt - 60_000;
  const times = { requestedAt: began, startedAt: began, trafficAt: began, endedAt };
  const plain = { phase: 'succeeded', intent: 'deploy', abort: null, reason: '' } as const;
  const made: ReleaseRecord = { ...base, ...plain, rollout, ...times, ...over };
  return made;
}

function asked(records: readonly ReleaseRecord[], over: Partial<FigureQuestion> = {}) {
  const window = { from: november(1, 15), to: november(29, 15) };
  const rules = { zone: 'UTC', hotfixMs: day };
  return { records, alerts: [], window, rules, ...over } satisfies FigureQuestion;
}

const words = (question: FigureQuestion) => JSON.stringify(statsView(question, 'everything'));

describe('figures at their edges', () => {
  it('say one line where nothing was released, and compare with nothing', () => {
    const view = statsView(asked([]), 'everything');
    expect(view.blocks).toHaveLength(1);
    expect(view.summary).toBe('Nothing to measure: nothing was released in this time.');
    const { deploymentDays } = figuresOf(asked([]));
    expect(figureWords('deploymentDays', deploymentDays)).toBe('none');
    expect(trendWords(trendOf('deploymentDays', deploymentDays, deploymentDays))).toBe('');
  });

  it('of one release name what it shows, and no column for a time without any', () => {
    const one = asked([record('shop-1', november(29, 14))]);
    expect(figuresOf(one)).toMatchObject({
      deployments: { value: 1 },
      changeFailRate: { value: 0, n: 1 },
      recoveryTime: { value: null, n: 0 },
    });
    expect(words(one)).toContain('less than weekly');
    expect(words(one)).not.toContain('Before');
  });

  it('count rollbacks alone as rework, and as no deployment', () => {
    const back = { intent: 'rollback' } as const;
    const only = [1, 2].map((index) => record(`shop-${index}`, november(20 + index), back));
    expect(figuresOf(asked(only))).toMatchObject({
      deployments: { value: 0, n: 0 },
      changeFailRate: { value: null, n: 0 },
      reworkRate: { value: 1, n: 2 },
      rollbackTime: { value: 60, n: 2 },
    });
    expect(words(asked(only))).not.toContain('NaN');
  });

  it('count each local day of a week once: never eight, the newest too', () => {
    const daily = Array.from({ length: 40 }, (_, index) =>
      record(`shop-${index}`, november(29, 14) - index * day),
    );
    for (const zone of ['UTC', 'Pacific/Auckland', 'America/Los_Angeles']) {
      const question = asked(daily, { rules: { zone, hotfixMs: day } });
      expect(figuresOf(question).deploymentDays.value, zone).toBe(7);
    }
  });

  it('put a release just after midnight into the day and week of the zone', () => {
    // 23:30 UTC on Sunday the 22nd is Monday the 23rd in Berlin.
    const late = [record('shop-1', november(22, 23, 30))];
    const window = { from: november(9), to: november(29, 23) };
    const inZone = (zone: string) => {
      const chart = weeksChart(asked(late, { window, rules: { zone, hotfixMs: day } }));
      const at = chart.series[0]?.points.findIndex(({ value }) => value === 1) ?? -1;
      return JSON.stringify(nativeChart(chart)?.['chart'])
        .match(/"categories":\[([^\]]*)/)?.[1]
        ?.split(',')[at];
    };
    expect(inZone('UTC')).toBe('"16 Nov"');
    expect(inZone('Europe/Berlin')).toBe('"23 Nov"');
  });

  it('show the newest twenty weeks of a long time where no more can be drawn, each as it was', () => {
    const window = { from: november(29) - 366 * day, to: november(29) };
    const question = asked([record('shop-1', november(28))], { window });
    const chart = JSON.stringify(nativeChart(weeksChart(question)));
    expect(chart.match(/"categories":\[([^\]]*)/)?.[1]?.split(',')).toHaveLength(20);
    expect(chart).toContain('{"label":"22 Nov","value":1}');
    expect(chart).toContain('{"label":"15 Nov","value":0}');
  });

  it('lay weeks without gap or overlap over any window, also over changes of the clocks', () => {
    const zones = fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
    );
    const start = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) });
    fc.assert(
      fc.property(zones, start, fc.integer({ min: 1, max: 200 }), (zone, from, days) => {
        const window = { from, to: from + days * day };
        const weeks = weeksOf(window, zone);
        const ends = weeks.map(({ to }) => to);
        expect(weeks.map(({ from: begin }) => begin)).toEqual([from, ...ends.slice(0, -1)]);
        expect(ends.at(-1)).toBe(window.to);
        expect(Math.max(...weeks.map(({ from: a, to: b }) => b - a))).toBeLessThan(7.05 * day);
      }),
      { numRuns: 60 },
    );
  });

  it('stay readable however large or small', () => {
    const shown = (name: Parameters<typeof figureWords>[0], value: number) =>
      figureWords(name, { value, n: 1 });
    expect(shown('changeFailRate', 1 / 5000)).toBe('under 0.1 %');
    expect(shown('changeFailRate', 4999 / 5000)).toBe('over 99.9 %');
    expect(shown('changeFailRate', 1)).toBe('100 %');
    expect(shown('deployments', 123_456_789)).toBe('123M');
    expect(shown('leadTime', 400 * 86_400 + 3600)).toBe('400d 1h');
    const later = { value: 3, n: 3 };
    expect(trendOf('caughtInCanary', later, { value: 1, n: 1 })).toBe('more');
  });
});

/** Reads CSV as RFC 4180 has it; throws where it does not keep to it. */
function strictCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  while (field.lastIndex < text.length) {
    const found = field.exec(text);
    if (found === null) throw new Error(`No CSV at ${text.slice(0, 40)}`);
    const [, quoted, plain = '', end] = found;
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

describe('exports', () => {
  it('are strict CSV, whatever people are called, and nothing in them is a formula', () => {
    const hostile = fc.oneof(
      fc.constantFrom(
        '=cmd|calc',
        '+1',
        '-2+3',
        '@SUM(A1)',
        '\t=1',
        '\n=1',
        ' =1',
        '＝1+1',
        'a"b\r\n=1',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(hostile, hostile, (by, version) => {
        const text = releasesCsv(asked([record('shop-1', november(20), { by, version })]));
        const [head = [], row = [], ...more] = strictCsv(text);
        expect([more.length, row.length]).toEqual([0, head.length]);
        expect(row[head.indexOf('by')]?.replace(/^'/, '')).toBe(by.replace(/^'/, ''));
        expect(row.filter((cell) => /^\s*[=+@＝-]/.test(cell))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('write times to the millisecond and numbers without noise', () => {
    const thirds = [1, 2, 3].map((index) =>
      record(`shop-${index}`, november(20) + index, { breakGlass: index === 1 }),
    );
    const rows = strictCsv(figuresCsv(asked(thirds)));
    for (const row of rows.slice(1)) expect(row[1]).toMatch(/^(?:\d+(?:\.\d{1,6})?)?$/);
    expect(strictCsv(releasesCsv(asked(thirds)))[1]?.[14]).toBe('2026-11-20T00:00:00.001Z');
  });
});
