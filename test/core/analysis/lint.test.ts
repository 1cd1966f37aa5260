import { describe, expect, test } from 'vitest';
import { type ExpectedTraffic, expectedFrom } from '#core/analysis/expected-traffic.ts';
import { type LintQuestion, type LintStep, lintAnalysis } from '#core/analysis/lint.ts';
import { Analysis } from '#core/analysis/metric.ts';
import { steadyRatio, unfit, wiggle } from './measured.ts';

const sound = [
  { name: 'errors', type: 'ratio', floor: { absolute: 0.002 }, query: { text: 'rate(e[15s])' } },
  { name: 'latency', type: 'latency', floor: { absolute: 5 } },
];

function step(seconds: number, weight = 0.2): LintStep {
  return { seconds, everySeconds: 15, weight };
}

function everywhere(metrics: readonly object[], expected: ExpectedTraffic) {
  const names = metrics.flatMap((metric) => ('name' in metric ? [String(metric.name)] : []));
  return new Map(names.map((name) => [name, expected]));
}

function lint(metrics: readonly object[], more: Partial<LintQuestion> = {}) {
  return lintAnalysis({
    analysis: Analysis.parse({ source: 's', metrics }),
    steps: [step(600)],
    releasesPerMonth: 100,
    expected: everywhere(metrics, { requestsPerSecond: 40, badShare: 0.005, spread: 0.12 }),
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
    const { remarks } = lint([metric], { steps: [step(7200)] });
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
    expect(lint([metric], { steps: [step(7200)] }).remarks).toEqual([]);
  });

  test('a step too short for the verdict ever to be worse', () => {
    const short = lint(sound, { steps: [step(120)] });
    expect(short.remarks).toContainEqual(
      expect.stringMatching(/^latency can never be called worse in 2m: it takes \d+ points/),
    );
    expect(
      short.detection
        .filter(({ metric }) => metric === 'latency')
        .every(({ seconds }) => seconds === null),
    ).toBe(true);
  });

  test('steps with too few requests for anything to be said', () => {
    const quiet = everywhere(sound, { requestsPerSecond: 0.5, badShare: 0.01, spread: 0.1 });
    const { remarks, detection } = lint(sound, {
      expected: quiet,
      steps: [step(300), step(400, 0.25)],
    });
    expect(remarks).toEqual([
      expect.stringMatching(/^errors will have too few data: about 80 requests/),
    ]);
    expect(detection.every(({ metric, seconds }) => metric !== 'errors' || seconds === null)).toBe(
      true,
    );
    const more = lint(sound, { expected: quiet, steps: [step(600, 0.5)] }).remarks;
    expect(more).toEqual([expect.stringMatching(/^errors: at the traffic of now only ×/)]);
  });

  test('what can be seen of a ratio in the stages together, where that is not even twice as much', () => {
    const expected = everywhere(sound, { requestsPerSecond: 20, badShare: 0.01, spread: 0.1 });
    const steps = [step(60, 0.2), step(60, 0.3), step(60, 0.5)];
    const told = (some: readonly LintStep[]): number => {
      const { remarks } = lint([sound[0] ?? {}], { expected, steps: some });
      const [, percent] = /only \+([\d.]+) % or more can be seen/.exec(remarks.join()) ?? [];
      return Number(percent);
    };
    const [one, all] = [told(steps.slice(0, 1)), told(steps)];
    expect(all).toBeGreaterThan(100);
    expect(one).toBeGreaterThan(1.5 * all);
    const profile = Analysis.parse({ source: 's', metrics: [sound[0]], profile: 'netflix-aca' });
    const apart = lint([sound[0] ?? {}], { expected, steps, analysis: profile }).remarks.join();
    expect(apart).toMatch(/only (\+|×)/);
  });

  test('that not even a hundred times as many would be seen', () => {
    const expected = everywhere(sound, { requestsPerSecond: 5, badShare: 0.0001, spread: 0.1 });
    const { remarks } = lint([sound[0] ?? {}], { expected, steps: [step(300, 0.3)] });
    expect(remarks.join()).toContain(
      'not even ×21 can be seen in 5m of watching: 0.01 % are usual, and 0.21 % would not stand out',
    );
  });

  test('nothing that counts', () => {
    expect(lint(sound.map((metric) => ({ ...metric, dryRun: true }))).remarks).toContain(
      'Every metric is a dry run: nothing will be judged.',
    );
  });
});

test('false alarms add up over releases, and over steps where each is judged for itself', () => {
  expect(lint(sound).falseAlarmsPerMonth).toBeCloseTo(2, 9);
  const steps = [1, 2, 3].map(() => step(600));
  expect(lint(sound, { steps }).falseAlarmsPerMonth).toBeCloseTo(2, 9);
  const analysis = Analysis.parse({ source: 's', metrics: sound, profile: 'argo' });
  expect(lint(sound, { steps, analysis }).falseAlarmsPerMonth).toBeCloseTo(6, 9);
});

describe('time to detect', () => {
  const { detection } = lint(sound, { steps: [step(7200)] });
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

  test('what the first step cannot show counts from the beginning of the one that does', () => {
    const found = lint(sound, { steps: [step(30), step(7200, 0.5)] }).detection;
    const later = found.find(({ metric, rise }) => metric === 'errors' && rise === 1)?.seconds;
    expect(later).toBeGreaterThan(30 + 60);
  });

  test('nobody knows without expectations', () => {
    expect(lint(sound, { expected: new Map() }).detection).toEqual([]);
  });
});

describe('what stable showed is what is expected of it', () => {
  const metric = (type: string) =>
    Analysis.parse({ source: 's', metrics: [{ name: 'm', type }] }).metrics[0];
  test.each([
    { type: 'ratio', reading: steadyRatio(2, 150, 20), rate: 10, bad: 40.5 / 3000.5, spread: 0 },
    { type: 'ratio', reading: steadyRatio(0, 150, 20), rate: 10, bad: 0.5 / 3000.5, spread: 0 },
    { type: 'latency', reading: wiggle(80, 40), rate: 0, bad: 0, spread: 0.053 },
  ])('$type', ({ type, reading, rate, bad, spread }) => {
    const one = metric(type);
    const found = one === undefined ? null : expectedFrom(one, reading, 15);
    expect(found?.requestsPerSecond).toBeCloseTo(rate, 9);
    expect(found?.badShare).toBeCloseTo(bad, 9);
    expect(found?.spread).toBeCloseTo(spread, 2);
  });

  test('nothing, where it says too little', () => {
    const one = metric('ratio');
    if (one === undefined) throw new Error('no metric');
    expect(expectedFrom(one, steadyRatio(1, 100, 3), 15)).toBeNull();
    expect(expectedFrom(one, unfit('provider_error'), 15)).toBeNull();
    expect(expectedFrom(one, steadyRatio(0, 0, 20), 15)).toBeNull();
  });
});
