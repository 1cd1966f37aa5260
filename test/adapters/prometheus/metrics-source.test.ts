import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPrometheus } from '#adapters/prometheus/index.ts';
import { PrometheusMetrics } from '#adapters/prometheus/options.ts';
import { templateNames } from '#adapters/prometheus/templates.ts';
import { judge } from '#core/analysis/index.ts';
import { Analysis, Metric } from '#core/analysis/metric.ts';
import type { Sample } from '#core/analysis/reading.ts';
import { judgeTogether } from '#core/analysis/together.ts';
import { metricsSourceContract } from '../../contracts/metrics-source.ts';
import { freePort, type RunningServer, requireServer, startPrometheus } from '../../servers.ts';
import { type Instance, startInstance } from './instance.ts';

const isHere = requireServer('prometheus');
const clock = { now: () => Date.now() };
const digest = `sha256:${'a'.repeat(64)}`;
const artifact = { service: 'shop', version: 'v2', digest };
/** What has traffic all the time. */
const busy = { ...artifact, digest: `sha256:${'b'.repeat(64)}` };
/** What runs as the canary in two clusters. */
const wide = { ...artifact, digest: `sha256:${'c'.repeat(64)}` };
const target = { target: 'here', service: 'shop', environment: 'production' };
const where = { digest: '{{digest}}', version: '{{version}}' };
const http = { template: 'http', where };

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function tally(samples: readonly Sample[]): { readonly bad: number; readonly total: number } {
  const sum = { bad: 0, total: 0 };
  for (const sample of samples) {
    if (sample.kind !== 'ratio') throw new Error('A sample of another kind');
    sum.bad += sample.bad;
    sum.total += sample.total;
  }
  return sum;
}

const mine = 'http_requests_total{digest="{{digest}}"';
const contractMetrics = [
  [{ name: 'errors', type: 'ratio', query: http }, 'ratio'],
  [{ name: 'p95', type: 'latency', unit: 'milliseconds', query: http }, 'value'],
  [{ name: 'latency', type: 'histogram', unit: 'seconds', query: http }, 'histogram'],
  [{ name: 'requests', type: 'count', query: http }, 'count'],
  [{ name: 'errors-per-request', type: 'count', query: { ...http, of: 'errors' } }, 'count'],
  [
    { name: 'memory', type: 'gauge', query: { value: 'avg(memory_bytes{digest={{digest}}})' } },
    'value',
  ],
  [
    {
      name: 'own',
      type: 'ratio',
      query: {
        bad: `sum(increase(${mine},code=~"5.."}[{{window}}]))`,
        total: `sum(increase(${mine}}[{{window}}]))`,
      },
    },
    'ratio',
  ],
  [
    {
      name: 'own-buckets',
      type: 'histogram',
      query: {
        buckets:
          'sum by (le) (increase(http_request_duration_seconds_bucket{digest={{digest}}}[{{window}}]))',
      },
    },
    'histogram',
  ],
] as const;

describe.runIf(isHere)('on a real Prometheus', () => {
  let server: RunningServer;
  let instances: readonly Instance[];
  let watched: Instance;
  let canaries: Readonly<Record<'eu' | 'us', Instance>>;
  beforeAll(async () => {
    const labels = { service: 'shop', version: 'v2', digest };
    instances = [
      await startInstance({ ...labels, pod: 'one', cluster: 'eu' }),
      await startInstance({ ...labels, pod: 'two', cluster: 'us' }),
    ];
    canaries = {
      eu: await startInstance({ ...labels, digest: wide.digest, cluster: 'eu' }),
      us: await startInstance({ ...labels, digest: wide.digest, cluster: 'us' }),
    };
    watched = await startInstance({ service: 'shop', version: 'v2', digest: busy.digest });
    const all = [...instances, watched, canaries.eu, canaries.us];
    const targets = all.map(({ address }) => ({ address }));
    const much = 'sum by (pod) (memory_bytes{pod!=""}) > 5e5';
    const rules = [
      { alert: 'Memory', expr: much, for: '1h', labels: { severity: 'page' } },
      {
        alert: 'Memory',
        expr: 'sum by (pod) (memory_bytes{pod!=""}) > 5e9',
        labels: { severity: 'note' },
      },
      { alert: 'Twice', expr: much },
      { alert: 'Twice', expr: 'sum by (pod) (memory_bytes{pod!=""}) > 7e5' },
      { alert: 'Present', expr: `${much} and on() vector(1)`, labels: { team: '{{ $value }}' } },
    ];
    server = await startPrometheus({ scrapeEvery: '100ms', targets, alerts: { rules, to: [] } });
  });
  afterAll(async () => {
    await server.stop();
    for (const one of [...instances, watched, canaries.eu, canaries.us]) one.close();
  });

  function sourceOf(more: Readonly<Record<string, unknown>> = {}) {
    const options = PrometheusMetrics.parse({ url: server.url, settle: 1, timeout: 15, ...more });
    return createPrometheus({ options, secrets: { token: null, password: null }, clock });
  }

  function read(query: object, more: object, from: number, to: number) {
    const metric = Metric.parse({ name: 'asked', type: 'ratio', query, ...more });
    const asked = { metric, target, side: 'candidate', artifact } as const;
    return sourceOf().source.read({ ...asked, from, to, stepSeconds: 0.5 });
  }

  it('counts every request and every error once, the first error of a pod too', async () => {
    const from = Date.now();
    await pause(250);
    await instances[0]?.serve(40, 7);
    await pause(350);
    await instances[1]?.serve(60, 5);
    await instances[0]?.serve(10, 1);
    await Promise.all(instances.map((instance) => instance.keptBy(server.url)));
    await pause(550);
    const to = Date.now();
    await pause(1100);
    const { samples, notes, class: kind } = await read(http, {}, from, to);
    expect([kind, notes]).toEqual(['ok', []]);
    expect(tally(samples)).toEqual({ bad: 13, total: 110 });

    const all = 'http_requests_total{digest={{digest}}';
    const rough = {
      total: `sum(increase(${all}}[{{window}}]))`,
      bad: `sum(increase(${all},code="500"}[{{window}}]))`,
    };
    // What `increase` makes of it: the first error of a pod is not counted.
    const { bad } = tally((await read(rough, {}, from, to)).samples);
    expect(Math.abs(bad - 13)).toBeGreaterThan(0.5);
  });

  it('counts a pod that began again from its new beginning', async () => {
    const from = Date.now();
    await pause(250);
    await instances[0]?.serve(30, 3);
    await instances[0]?.keptBy(server.url);
    // What an interval does not end with, a restart within it takes away.
    await pause(550);
    instances[0]?.restart();
    await instances[0]?.serve(4, 2);
    await instances[0]?.keptBy(server.url);
    // Only whole steps are read.
    await pause(550);
    const to = Date.now();
    await pause(1100);
    const { samples } = await read(http, {}, from, to);
    expect(tally(samples)).toEqual({ bad: 5, total: 34 });
  });

  const classes: readonly (readonly [string, object, object, string, RegExp])[] = [
    ['no series', { template: 'http', where: { version: 'v9' } }, {}, 'no_series', /no series/],
    ['silence', http, {}, 'no_traffic', /no requests/],
    [
      'a quantile of silence',
      http,
      { type: 'latency', unit: 'seconds' },
      'no_traffic',
      /no requests/,
    ],
    [
      'what is no number',
      { value: 'broken_ratio{pod="one"}' },
      { type: 'gauge' },
      'not_finite',
      /of \d+ intervals gave no number/,
    ],
    [
      'a gauge without traffic',
      { value: 'memory_bytes{pod="one"}', traffic: `sum(increase(${mine}}[500ms]))` },
      { type: 'gauge' },
      'no_traffic',
      /no requests/,
    ],
    [
      'several series',
      { value: 'memory_bytes{digest={{digest}}}' },
      { type: 'gauge' },
      'ambiguous_series',
      /2 series.*pod="(?:one|two)"/,
    ],
    [
      'several histograms',
      { buckets: 'sum by (le, pod) (http_request_duration_seconds_bucket{digest={{digest}}})' },
      { type: 'histogram' },
      'ambiguous_series',
      /2 series/,
    ],
    [
      'what does not parse',
      { value: 'sum(' },
      { type: 'gauge' },
      'provider_error',
      /127\.0\.0\.1:\d+: it answers 400: bad_data .*parse error/,
    ],
  ];

  it.each(classes)('says what there is: %s', async (_, query, more, kind, note) => {
    const to = await sinceQuiet();
    const reading = await read(query, more, to - 1500, to);
    expect(reading.class).toBe(kind);
    expect(reading.notes.join('\n')).toMatch(note);
    expect(reading.samples).toEqual([]);
  });

  it('asks once where that is wanted', async () => {
    const to = await sinceQuiet();
    const query = { value: 'memory_bytes{pod="one"}', instant: true };
    const { samples } = await read(query, { type: 'gauge' }, to - 1500, to);
    expect(samples).toEqual([{ kind: 'value', at: to, value: 1e6 }]);
  });

  it.each(templateNames)('understands the PromQL of the template %s', async (template) => {
    const to = await sinceQuiet();
    const values = { namespace: 'n', cluster: 'c', port: '80', backend: 'b' };
    const { source } = sourceOf({ values });
    for (const type of ['ratio', 'histogram'] as const) {
      const metric = Metric.parse({ name: 'asked', type, unit: 'seconds', query: { template } });
      const asked = { metric, target, side: 'stable', artifact, stepSeconds: 0.5 } as const;
      expect(source.lint(metric)).toEqual([]);
      const reading = await source.read({ ...asked, from: to - 1000, to });
      // Nothing here is counted by those names, except by the plainest.
      const kind = template === 'http' ? 'no_traffic' : 'no_series';
      expect([reading.class, reading.notes.length]).toEqual([kind, 1]);
    }
  });

  it.each([
    ['held, while it still waits to ring', 'Memory', { severity: 'page', pod: 'one' }, true],
    ['did not hold: another rule of that name', 'Memory', { severity: 'note', pod: 'one' }, false],
    ['held, by an expression that tells no more', 'Present', { pod: 'two', team: '1' }, true],
    ['is of other labels', 'Memory', { severity: 'page', pod: 'three' }, null],
    ['is of a label that did not come with it', 'Memory', { severity: 'page' }, null],
    ['is one of two', 'Twice', { pod: 'one' }, null],
    ['is not known', 'memory_bytes > 0', { pod: 'one' }, null],
  ])('an alert whose condition %s', async (_, alert, labels, holds) => {
    const to = await sinceQuiet();
    const asked = { alert, labels: { alertname: alert, ...labels }, from: to - 1500, to };
    const points = (await sourceOf().source.condition?.({ ...asked, stepSeconds: 0.5 })) ?? null;
    if (holds === null) return expect(points).toBeNull();
    expect(points?.map((point) => point.holds)).toEqual([holds, holds, holds, holds]);
    expect(points?.at(-1)?.at).toBe(to);
  });

  it('says nothing of an alert when it cannot be asked', async () => {
    const away = sourceOf({ url: `http://127.0.0.1:${await freePort()}` });
    const asked = { alert: 'Memory', labels: {}, from: 1, to: 2, stepSeconds: 1 };
    expect(await away.source.condition?.(asked)).toBeNull();
  });

  it('knows how far the clocks are apart', async () => {
    expect(Math.abs((await sourceOf().clockAhead()) ?? Number.NaN)).toBeLessThan(1500);
  });

  it('shows the judge a bad canary for what it is, a good one too, and neither when it is away', async () => {
    const analysis = Analysis.parse({
      source: 'prometheus',
      every: 1,
      minimum: { points: 3, requests: 60 },
      metrics: [
        { name: 'errors', type: 'ratio', query: http, critical: true, floor: { absolute: 0.01 } },
      ],
    });
    const from = Date.now();
    for (let round = 0; round < 10; round += 1) {
      await Promise.all([instances[0]?.serve(20), instances[1]?.serve(20), watched.serve(20, 5)]);
      await pause(100);
    }
    await Promise.all([...instances, watched].map((instance) => instance.keptBy(server.url)));
    await pause(550);
    const to = Date.now();
    await pause(1100);
    const [metric] = analysis.metrics;
    if (metric === undefined) throw new Error('No metric');

    const judged = async (url: string, candidate: typeof artifact, blindLooks = 0) => {
      const { source } = sourceOf({ url });
      const asked = { metric, target, from, to, stepSeconds: 0.5 };
      const [stable, canary] = await Promise.all([
        source.read({ ...asked, side: 'stable', artifact }),
        source.read({ ...asked, side: 'candidate', artifact: candidate }),
      ]);
      const readings = [{ metric: 'errors', stable, candidate: canary }];
      return judge({ analysis, looksBefore: 5, blindLooks, last: true, readings });
    };

    expect(await judged(server.url, busy)).toMatchObject({ action: 'roll_back' });
    // The same version on both sides.
    expect(await judged(server.url, artifact)).toMatchObject({ action: 'go_on' });
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    expect((await judged(nowhere, busy, analysis.patience)).action).toBe('pause');
  });

  it('shows one verdict on two clusters, each by its own numbers, and names the bad one', async () => {
    const query = { template: 'http', where: { digest: '{{digest}}', cluster: '{{cluster}}' } };
    const analysis = Analysis.parse({
      source: 'prometheus',
      every: 1,
      minimum: { points: 3, requests: 60 },
      metrics: [
        { name: 'errors', type: 'ratio', query, critical: true, floor: { absolute: 0.01 } },
      ],
    });
    const { source } = sourceOf({
      targets: { eu: { values: { cluster: 'eu' } }, us: { values: { cluster: 'us' } } },
    });
    const [metric] = analysis.metrics;
    if (metric === undefined) throw new Error('No metric');
    const asking = { metric, target, stepSeconds: 0.5 };

    async function together(badInUs: number) {
      const from = Date.now();
      for (let round = 0; round < 10; round += 1) {
        const stable = instances.map((instance) => instance.serve(20));
        await Promise.all([...stable, canaries.eu.serve(20), canaries.us.serve(20, badInUs)]);
        await pause(100);
      }
      await pause(400);
      const to = Date.now();
      await pause(1100);
      const sides = ['eu', 'us'].map(async (cluster) => {
        const asked = { ...asking, target: { ...target, target: cluster }, from, to };
        const [stable, candidate] = await Promise.all([
          source.read({ ...asked, side: 'stable', artifact }),
          source.read({ ...asked, side: 'candidate', artifact: wide }),
        ]);
        const readings = [{ metric: 'errors', stable, candidate }];
        return {
          target: cluster,
          input: { analysis, looksBefore: 5, blindLooks: 0, last: true, readings },
        };
      });
      return judgeTogether(judge, await Promise.all(sides));
    }

    expect((await together(0)).action).toBe('go_on');
    const bad = await together(5);
    expect(bad).toMatchObject({ action: 'roll_back', summary: expect.stringMatching(/^us: /) });
    const own = bad.metrics.filter(({ of }) => of?.length === 1);
    expect(own.map(({ of, verdict }) => [of?.[0], verdict === 'worse'])).toEqual([
      ['eu', false],
      ['us', true],
    ]);
  });

  let quiet: Promise<number> | null = null;

  /** A time before which nothing happened for a while, and that can be asked about. */
  function sinceQuiet(): Promise<number> {
    quiet ??= untilQuiet();
    return quiet;
  }

  /** Nothing was counted, and each scrape of that while was in time: one that is not leaves a gap. */
  async function untilQuiet(): Promise<number> {
    await Promise.all([...instances, watched].map((instance) => instance.keptBy(server.url)));
    const query = 'min(min_over_time(up[2500ms]))';
    for (let attempt = 0; attempt < 10; attempt += 1) {
      await pause(2700);
      const to = Date.now() - 1000;
      const asked = new URLSearchParams({ query });
      const answer = await (await fetch(`${server.url}/api/v1/query?${asked}`)).text();
      if (answer.includes(',"1"]')) return to;
    }
    throw new Error('The machine is too busy to be scraped');
  }

  // Last, since it ends the server.
  metricsSourceContract('prometheus', async () => {
    let isOver = false;
    async function traffic(): Promise<void> {
      while (!isOver) {
        await watched.serve(5, 1);
        await pause(20);
      }
    }
    const served = traffic();
    await pause(300);
    const from = Date.now();
    const prometheus = sourceOf();
    await pause(3200);
    const window = { from, to: from + 2000, stepSeconds: 0.5 };
    return {
      source: prometheus.source,
      question: { target, side: 'candidate', artifact: busy, ...window },
      metrics: contractMetrics,
      breakDown: () => server.stop(),
      async close() {
        isOver = true;
        await served;
        prometheus.close();
      },
    };
  });
});
