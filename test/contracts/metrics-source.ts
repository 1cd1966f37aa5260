import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Metric } from '#core/analysis/metric.ts';
import { Reading, type Sample } from '#core/analysis/reading.ts';
import type { MetricQuestion, MetricsSource } from '#ports/metrics-source.ts';

/** A source with traffic over the window of `question`, which is a whole number of steps long. */
export interface MetricsSourceBench {
  readonly source: MetricsSource;
  /** The same for every metric; the window has at least three steps. */
  readonly question: Omit<MetricQuestion, 'metric'>;
  /** One per type of metric, each answerable; and what samples it gives. */
  readonly metrics: readonly (readonly [Record<string, unknown>, Sample['kind']])[];
  /** Makes the source unreachable. Asked last. */
  breakDown(): Promise<void>;
  close(): Promise<void>;
}

/** What every metrics source promises. */
export function metricsSourceContract(
  name: string,
  create: () => Promise<MetricsSourceBench>,
): void {
  describe(`${name} as a metrics source`, () => {
    let bench: MetricsSourceBench;
    beforeAll(async () => {
      bench = await create();
    });
    afterAll(() => bench.close());

    function metrics(): readonly (readonly [Metric, Sample['kind']])[] {
      return bench.metrics.map(([metric, kind]) => [Metric.parse(metric), kind] as const);
    }

    function first(): Metric {
      return Metric.parse(bench.metrics[0]?.[0]);
    }

    it('answers each type of metric with samples of its kind, at most one per complete step', async () => {
      const { source, question } = bench;
      for (const [metric, kind] of metrics()) {
        const asked = { ...question, metric };
        const reading = Reading.parse(await source.read(asked));
        expect([metric.name, reading.class, reading.notes]).toEqual([metric.name, 'ok', []]);
        expect(new Set(reading.samples.map((it) => it.kind))).toEqual(new Set([kind]));
        expect(reading.query).not.toBe('');
        expectSteps(asked, reading.samples);
      }
    });

    it('gives the same samples when asked again', async () => {
      const asked = { ...bench.question, metric: first() };
      expect(await bench.source.read(asked)).toEqual(await bench.source.read(asked));
    });

    it('extends what it said when the window grows', async () => {
      const { source, question } = bench;
      const whole = await source.read({ ...question, metric: first() });
      for (const shorterBy of [0.5, 1, 1.5]) {
        const to = question.to - shorterBy * question.stepSeconds * 1000;
        const cut = await source.read({ ...question, to, metric: first() });
        expect(cut.samples).toEqual(whole.samples.filter(({ at }) => at <= to));
      }
    });

    it('has too few when no step is complete', async () => {
      const to = bench.question.from + 1;
      const reading = await bench.source.read({ ...bench.question, to, metric: first() });
      expect(reading).toMatchObject({ class: 'too_few', samples: [] });
    });

    it('has no series of bits that never ran', async () => {
      const artifact = { ...bench.question.artifact, digest: `sha256:${'0'.repeat(64)}` };
      const reading = await bench.source.read({
        ...bench.question,
        artifact,
        side: 'candidate',
        metric: Metric.parse({ ...bench.metrics[0]?.[0], name: 'unseen' }),
      });
      expect(reading.class).toBe('no_series');
      expect(reading.notes.join()).not.toBe('');
    });

    it('finds nothing wrong with sound metrics', () => {
      for (const [metric] of metrics()) expect(bench.source.lint(metric)).toEqual([]);
    });

    it('says provider_error, and does not throw, when it is down', async () => {
      await bench.breakDown();
      const reading = await bench.source.read({ ...bench.question, metric: first() });
      expect(reading).toMatchObject({ class: 'provider_error', samples: [] });
      expect(reading.notes.join()).not.toBe('');
    });
  });
}

function expectSteps({ from, to, stepSeconds }: MetricQuestion, samples: readonly Sample[]): void {
  const ends = samples.map(({ at }) => at);
  const complete: number[] = [];
  for (let end = from + stepSeconds * 1000; end <= to; end += stepSeconds * 1000) {
    complete.push(end);
  }
  expect(ends.length).toBeGreaterThan(1);
  expect(ends).toEqual(complete.filter((end) => ends.includes(end)));
}
