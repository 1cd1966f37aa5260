import { describe, expect, it } from 'vitest';
import { answer } from '#adapters/sandbox/answer.ts';
import { fateOf } from '#adapters/sandbox/instance/behaviour.ts';
import { seededChance } from '#adapters/sandbox/instance/chance.ts';
import { Character } from '#adapters/sandbox/instance/character.ts';
import { createHttpMetrics, latencyBounds } from '#adapters/sandbox/instance/http-metrics.ts';
import { parseExposition } from '#adapters/sandbox/prometheus-text.ts';
import { createRecorder, type Source } from '#adapters/sandbox/recorder.ts';
import { quantileOf } from '#adapters/sandbox/templates.ts';
import { observedAt, observedIn } from '#adapters/sandbox/tracks.ts';
import { Metric } from '#core/analysis/metric.ts';
import type { MetricQuestion } from '#ports/metrics-source.ts';

describe('reading an exposition', () => {
  it('reads names, labels and numbers, and leaves out what it does not understand', () => {
    const text = [
      '# HELP a counts',
      'a{code="200",path="/a\\"b\\\\c"} 12 1700000000000',
      'b 1.5e3',
      'c{le="+Inf"} +Inf',
      'this is no metric line',
      'd{x="1"} nine',
      '',
    ].join('\n');
    expect(parseExposition(text)).toEqual([
      { name: 'a', labels: { code: '200', path: '/a"b\\c' }, value: 12 },
      { name: 'b', labels: {}, value: 1500 },
      { name: 'c', labels: { le: '+Inf' }, value: Number.POSITIVE_INFINITY },
    ]);
  });

  it('reads back what the counters write', () => {
    const metrics = createHttpMetrics();
    for (const seconds of [0.001, 0.0011, 0.2, 60]) metrics.count(200, seconds);
    const series = parseExposition(metrics.text());
    const bucket = (le: string) => series.find((it) => it.labels['le'] === le)?.value;
    expect(bucket('0.001')).toBe(1);
    expect(bucket('0.00125')).toBe(2);
    expect(bucket('+Inf')).toBe(4);
    expect(observedIn(metrics.text())).toEqual(observedAt(metrics));
  });
});

describe('the record of scrapes', () => {
  it('counts what came since the last scrape, and from zero after a restart', async () => {
    const world = bench();
    for (const [total, bad] of [
      [10, 1],
      [25, 3],
      [4, 2],
    ] as const) {
      world.show(total, bad);
      await world.scrape();
    }
    expect(world.totals()).toEqual([
      [15, 2],
      [4, 2],
    ]);
  });

  it('has no point for a scrape that failed, and catches up with the next', async () => {
    const world = bench();
    world.show(10, 0);
    await world.scrape();
    world.show(null, 0);
    await world.scrape();
    world.show(30, 0);
    await world.scrape();
    expect(world.totals()).toEqual([[20, 0]]);
  });

  it('forgets what is older than it keeps', async () => {
    const world = bench();
    for (let total = 0; total < 50; total += 1) {
      world.show(total, 0);
      await world.scrape();
    }
    expect(world.recorder.tracks[0]?.points.length).toBe(20);
    world.remove();
    for (let round = 0; round < 25; round += 1) await world.scrape();
    expect(world.recorder.tracks).toEqual([]);
  });
});

describe('answering from the record', () => {
  const query = { template: 'http-errors', seenBy: 'instances' };
  const errors = Metric.parse({ name: 'e', type: 'ratio', query });

  async function recorded() {
    const world = bench();
    for (let round = 0; round <= 12; round += 1) {
      world.show(round * 10, round);
      await world.scrape();
    }
    const from = world.start;
    const question = { target: place, side: 'stable', artifact, stepSeconds: 5 } as const;
    return { world, question: { ...question, metric: errors, from, to: from + 12_000 } };
  }

  it('sums the scrapes of each complete step', async () => {
    const { world, question } = await recorded();
    const reading = answer(world.recorder, question);
    expect(reading).toMatchObject({
      class: 'ok',
      samples: [
        { kind: 'ratio', at: question.from + 5000, bad: 5, total: 50 },
        { kind: 'ratio', at: question.from + 10_000, bad: 5, total: 50 },
      ],
    });
  });

  it('leaves out the scrape that began before the window', async () => {
    const { world, question } = await recorded();
    const reading = answer(world.recorder, { ...question, from: question.from + 500 });
    expect(reading.samples[0]).toMatchObject({ bad: 4, total: 40 });
  });

  it('says nothing of steps before it watched', async () => {
    const { world, question } = await recorded();
    const reading = answer(world.recorder, { ...question, from: question.from - 7000 });
    expect(reading.samples.map(({ at }) => at - question.from)).toEqual([8000]);
  });

  it.each<[string, Partial<MetricQuestion>]>([
    ['no_series', { artifact: { ...artifact, digest: 'sha256:other' } }],
    ['no_series', { side: 'candidate' }],
    ['too_few', { to: 1 }],
    ['provider_error', { metric: { ...errors, query: { template: 'cpu' } } }],
    ['no_traffic', { metric: { ...errors, query: { ...query, seenBy: 'proxy' } } }],
  ])('classifies as %s: %j', async (expected, part) => {
    const { world, question } = await recorded();
    expect(answer(world.recorder, { ...question, ...part }).class).toBe(expected);
  });

  it('gives latencies in the unit of the metric', async () => {
    const { world, question } = await recorded();
    const p95 = (unit: 'seconds' | 'milliseconds') => {
      const query = { template: 'http-latency-p95', seenBy: 'instances' };
      const metric = Metric.parse({ name: 'l', type: 'latency', unit, query });
      const [sample] = answer(world.recorder, { ...question, metric }).samples;
      return sample?.kind === 'value' ? sample.value : Number.NaN;
    };
    expect(p95('milliseconds') / p95('seconds')).toBeCloseTo(1000);
  });
});

describe('quantiles of buckets', () => {
  it.each([0.5, 0.95, 0.99])('are within a bucket of the truth at %f', (quantile) => {
    const chance = seededChance(3);
    const values = Array.from({ length: 5000 }, () => 0.02 * Math.exp(0.3 * chance.normal()));
    const metrics = createHttpMetrics();
    for (const value of values) metrics.count(200, value);
    const cumulative = parseExposition(metrics.text())
      .filter(({ name }) => name.endsWith('_bucket'))
      .map(({ value }) => value);
    const buckets = cumulative.map((count, at) => count - (cumulative[at - 1] ?? 0));
    const truth = values.sort((a, b) => a - b)[Math.floor(quantile * values.length)] ?? 0;
    const ratio = (quantileOf(buckets, quantile) ?? 0) / truth;
    expect(ratio).toBeGreaterThan(1 / 1.25);
    expect(ratio).toBeLessThan(1.25);
  });

  it('do not exist without values', () => {
    expect(
      quantileOf(
        latencyBounds.map(() => 0),
        0.95,
      ),
    ).toBeNull();
  });
});

describe('the character of a version', () => {
  it.each([
    ['healthy', {}, 50, 0.002],
    ['failing', { errorRate: 0.08 }, 50, 0.08],
    ['calm below its limit', { overloaded: { abovePercent: 30, errorRate: 0.15 } }, 30, 0.002],
    ['failing above its limit', { overloaded: { abovePercent: 30, errorRate: 0.15 } }, 31, 0.15],
  ])('%s', (_name, character, share, expected) => {
    const chance = seededChance(11);
    const trials = 20_000;
    let failed = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      if (fateOf(Character.parse(character), share, chance).fails) failed += 1;
    }
    const slack = 4 * Math.sqrt((expected * (1 - expected)) / trials);
    expect(Math.abs(failed / trials - expected)).toBeLessThan(slack);
  });

  it('has the median that it is given, and its tail', () => {
    const chance = seededChance(5);
    const latency = { medianMs: 18, tail: { share: 0.12, factor: 8 } };
    const delays = Array.from({ length: 20_000 }, () => {
      return fateOf(Character.parse({ latency }), 0, chance).delayMs;
    }).sort((a, b) => a - b);
    expect(delays[8800]).toBeGreaterThan(16);
    expect(delays[8800]).toBeLessThan(20);
    expect(delays[18_500]).toBeGreaterThan(70);
  });
});

const artifact = { service: 'shop', version: 'v1', digest: `sha256:${'1'.repeat(64)}` };
const place = { target: 'here', service: 'shop', environment: 'production' };

/** A recorder of one instance whose counters a test sets, scraped once a second. */
function bench() {
  const start = 1_000_000;
  let now = start - 1000;
  let text: string | null = '';
  let sources: readonly Source[] = [
    {
      key: 'instance 1',
      by: 'instance',
      side: 'stable',
      digest: artifact.digest,
      observe: async () => (text === null ? null : observedIn(text)),
    },
  ];
  const recorder = createRecorder(() => now, 20);
  return {
    start,
    recorder,
    show(total: number | null, bad: number) {
      text =
        total === null
          ? null
          : `http_requests_total{code="200"} ${total - bad}\nhttp_requests_total{code="500"} ${bad}\n` +
            `http_request_duration_seconds_bucket{le="0.02"} ${total}\n` +
            `http_request_duration_seconds_bucket{le="+Inf"} ${total}\n`;
    },
    remove() {
      sources = [];
    },
    scrape() {
      now += 1000;
      return recorder.scrape(sources);
    },
    totals: () =>
      recorder.tracks[0]?.points.map(({ instances }) => [instances.total, instances.bad]),
  };
}
