import { describe, expect, test } from 'vitest';
import { type LintQuestion, lintAnalysis } from '#core/analysis/lint.ts';
import { Analysis } from '#core/analysis/metric.ts';

const sound = [
  { name: 'errors', type: 'ratio', floor: { absolute: 0.002 }, query: { text: 'rate(e[15s])' } },
  { name: 'latency', type: 'latency', floor: { absolute: 5 } },
];

function lint(metrics: readonly object[], more: Partial<LintQuestion> = {}) {
  return lintAnalysis({
    analysis: Analysis.parse({ source: 's', metrics }),
    steps: [{ seconds: 600, everySeconds: 15 }],
    weight: 0.2,
    releasesPerMonth: 100,
    expected: { requestsPerSecond: 40, badShare: 0.005, spread: 0.12 },
    ...more,
  });
}

test('a sound analysis has no remarks', () => {
  expect(lint(sound).remarks).toEqual([]);
});

describe('remarks', () => {
  test.each([
    {
      name: 'a range longer than the interval',
      metric: { ...sound[0], query: { text: 'rate(e[5m])' } },
      says: 'covers 5m but is read every 15s',
    },
    {
      name: 'a subquery',
      metric: { ...sound[0], query: { text: 'max_over_time(e[1h:1m])' } },
      says: 'covers 1h',
    },
    {
      name: 'several series',
      metric: { ...sound[0], query: { text: 'sum by (pod) (rate(e[15s]))' } },
      says: 'may give several series',
    },
    {
      name: 'no floor',
      metric: { ...sound[0], floor: { relative: 0, absolute: 0 } },
      says: 'has no effect floor',
    },
    {
      name: 'no absolute floor',
      metric: { ...sound[0], floor: {} },
      says: 'has no absolute floor',
    },
  ])('$name', ({ metric, says }) => {
    const { remarks } = lint([metric]);
    expect(remarks).toHaveLength(1);
    expect(remarks[0]).toContain(says);
  });

  test.each([
    {
      name: 'memory that is declared',
      metric: { ...sound[0], memory: '5m', query: { text: 'rate(e[5m])' } },
    },
    { name: 'buckets', metric: { ...sound[0], query: { text: 'sum by (le) (rate(e[15s]))' } } },
  ])('$name is fine', ({ metric }) => {
    expect(lint([metric]).remarks).toEqual([]);
  });

  test('a step too short for the verdict ever to be worse', () => {
    const short = lint(sound, { steps: [{ seconds: 120, everySeconds: 15 }] });
    expect(short.remarks[0]).toMatch(
      /^latency can never be called worse in 2m: it takes \d+ points/,
    );
    expect(
      short.detection
        .filter(({ metric }) => metric === 'latency')
        .every(({ seconds }) => seconds === null),
    ).toBe(true);
  });

  test('nothing that counts', () => {
    expect(lint(sound.map((metric) => ({ ...metric, dryRun: true }))).remarks).toContain(
      'Every metric is a dry run: nothing will be judged.',
    );
  });
});

test('false alarms add up over steps and releases', () => {
  expect(lint(sound).falseAlarmsPerMonth).toBeCloseTo(2, 9);
  const steps = [1, 2, 3].map(() => ({ seconds: 600, everySeconds: 15 }));
  expect(lint(sound, { steps }).falseAlarmsPerMonth).toBeCloseTo(6, 9);
});

describe('time to detect', () => {
  const { detection } = lint(sound, { steps: [{ seconds: 7200, everySeconds: 15 }] });
  const seconds = (metric: string, rise: number) =>
    detection.find((one) => one.metric === metric && one.rise === rise)?.seconds ?? null;

  test('larger harm is seen sooner', () => {
    for (const metric of ['errors', 'latency']) {
      const [half, whole] = [seconds(metric, 0.5), seconds(metric, 1)];
      expect(whole).not.toBeNull();
      expect(half ?? 1e9).toBeGreaterThanOrEqual(whole ?? 0);
    }
  });

  test('is of the order of what the benchmark measures', () => {
    expect(seconds('errors', 1)).toBeGreaterThan(300);
    expect(seconds('errors', 1)).toBeLessThan(1500);
    expect(seconds('latency', 1)).toBeGreaterThanOrEqual(150);
    expect(seconds('latency', 1)).toBeLessThan(360);
  });

  test('harm below the floor is never seen', () => {
    expect(seconds('errors', 0.1)).toBeNull();
  });

  test('nobody knows without expectations', () => {
    expect(lint(sound, { expected: null }).detection).toEqual([]);
  });
});
