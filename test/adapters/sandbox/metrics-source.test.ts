import { describe, expect, it } from 'vitest';
import { Metric } from '#core/analysis/metric.ts';
import { metricsSourceContract } from '../../contracts/metrics-source.ts';
import { createHurriedSandbox, freshDirectory, tally, until, version } from './bench.ts';

const ref = { target: 'here', service: 'shop', environment: 'production' };
const stamp = { rollout: 'shop-1', planHash: 'p1', step: 0, fence: 1 };
const httpMetrics = [
  [metric('errors', 'ratio', 'http-errors'), 'ratio'],
  [metric('errors-inside', 'ratio', 'http-errors', { seenBy: 'instances' }), 'ratio'],
  [metric('p95', 'latency', 'http-latency-p95'), 'value'],
  [metric('p99', 'latency', 'http-latency-p99'), 'value'],
  [metric('latency', 'histogram', 'http-latency'), 'histogram'],
  [metric('requests', 'count', 'http-requests'), 'count'],
  [metric('memory', 'gauge', 'memory'), 'value'],
] as const;

metricsSourceContract('sandbox', async () => {
  // The database's clock may differ from this machine's.
  const aheadMs = 7_200_000;
  const directory = await freshDirectory();
  const { sandbox, artifact } = await withCanary(directory.path, 'v3', 50, {
    aheadMs,
    requestsPerSecond: 80,
  });
  const errors = Metric.parse(httpMetrics[0][0]);
  const asked = { target: ref, artifact, side: 'candidate', stepSeconds: 0.5 } as const;
  const readFrom = (from: number) =>
    sandbox.metrics.read({ ...asked, metric: errors, from, to: from + 60_000 });
  const ready = Date.now() + aheadMs;
  await until(
    'visited',
    () => readFrom(ready),
    (reading) => tally(reading).total > 0,
  );
  const from = Date.now() + aheadMs;
  const question = { ...asked, from, to: from + 2000 };
  await until(
    'watched',
    () => readFrom(from),
    ({ samples }) => (samples.at(-1)?.at ?? 0) >= question.to,
  );
  return {
    source: sandbox.metrics,
    question,
    metrics: httpMetrics,
    breakDown: () => sandbox.close(),
    close: async () => {
      await sandbox.close();
      await directory[Symbol.asyncDispose]();
    },
  };
});

describe('what the sandbox measures', () => {
  it('tells the sides apart, and silence from absence', async () => {
    await using directory = await freshDirectory();
    const { sandbox, artifact, identity } = await withCanary(directory.path, 'v3', 0);
    const stable = await version(sandbox, 'v1');
    const errors = Metric.parse(metric('errors', 'ratio', 'http-errors'));
    const from = Date.now();
    const window = { metric: errors, target: ref, from, to: from + 60_000, stepSeconds: 0.5 };
    const healthy = await until(
      'measured',
      () => sandbox.metrics.read({ ...window, side: 'stable', artifact: stable }),
      ({ samples }) => samples.length >= 2,
    );
    expect(healthy.class).toBe('ok');
    for (const sample of healthy.samples) expect(sample).toMatchObject({ kind: 'ratio', bad: 0 });
    const silent = await sandbox.metrics.read({ ...window, side: 'candidate', artifact });
    expect(silent.class).toBe('no_traffic');
    const absent = await sandbox.metrics.read({ ...window, side: 'stable', artifact });
    expect(absent.class).toBe('no_series');

    await sandbox.target.change(
      ref,
      { kind: 'shift', weight: 50 },
      { ...stamp, step: 1 },
      identity,
    );
    const { total, bad } = await until(
      'many requests',
      async () => tally(await sandbox.metrics.read({ ...window, side: 'candidate', artifact })),
      (sum) => sum.total > 200,
    );
    // 30 % of them are bad: four standard deviations on either side.
    expect(Math.abs(bad / total - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / total));
    await sandbox.close();
  });

  it('says at once what is wrong with a metric', async () => {
    await using directory = await freshDirectory();
    const { lint } = createHurriedSandbox(directory.path).metrics;
    const wrong = Metric.parse(metric('memory', 'ratio', 'memory'));
    expect(lint(wrong)).toEqual([expect.stringContaining('type ratio')]);
    const unknown = Metric.parse({ name: 'cpu', type: 'gauge', query: { template: 'cpu' } });
    expect(lint(unknown)).toEqual([expect.stringContaining('not one of the sandbox')]);
  });
});

function metric(name: string, type: string, template: string, more = {}) {
  return { name, type, query: { template, ...more } };
}

/** A place where a version runs beside v1 and has `weight` percent of the traffic. */
async function withCanary(
  directory: string,
  name: string,
  weight: number,
  options: Parameters<typeof createHurriedSandbox>[1] = {},
) {
  const sandbox = createHurriedSandbox(directory, options);
  const { identity } = await sandbox.target.inspect(ref);
  const artifact = await version(sandbox, name);
  const prepare = { kind: 'prepare', artifact, capacityPercent: 100 } as const;
  await sandbox.target.change(ref, prepare, stamp, identity);
  await sandbox.target.change(ref, { kind: 'shift', weight }, stamp, identity);
  await until(
    'ready',
    () => sandbox.target.inspect(ref),
    (it) => it.candidate?.ready === 1 && it.stable?.ready === 1 && it.weight === weight,
  );
  return { sandbox, artifact, identity };
}
