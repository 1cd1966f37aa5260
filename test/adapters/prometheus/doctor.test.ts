import { expect, it } from 'vitest';
import { memoryArtifact } from '#adapters/memory/artifact-registry.ts';
import { createMemoryMetrics } from '#adapters/memory/metrics-source.ts';
import { examineMetrics } from '#adapters/prometheus/index.ts';
import { Analysis } from '#core/analysis/metric.ts';
import { Fault } from '#core/fault.ts';

const analysis = Analysis.parse({
  source: 'memory',
  every: 15,
  metrics: [{ name: 'errors', type: 'ratio' }],
});
const target = { target: 'here', service: 'shop', environment: 'production' };
const clock = { now: () => 1_790_000_000_000 };

it('asks every metric about what runs, and says what came and what to do', async () => {
  const { source, world } = createMemoryMetrics(clock);
  const cases = analysis.metrics.map((metric) => ({
    analysis,
    metric,
    target,
    artifact: memoryArtifact('shop', 'v1'),
  }));
  const examine = (ahead: () => Promise<number | null>) =>
    examineMetrics(source, ahead, cases, clock);

  const [time, absent] = await examine(async () => 300);
  expect(time).toMatchObject({ well: true });
  expect(absent).toMatchObject({
    well: false,
    what: 'errors of shop in production: no_series, 0 of 20 intervals of 15 s',
    fix: expect.stringContaining('labels'),
    details: expect.arrayContaining(['memory errors of stable', 'There is no such series.']),
  });

  world.show('errors', 'stable', (at) => ({ kind: 'ratio', at, bad: 1, total: 50 }));
  const [late, present] = await examine(async () => 9000);
  expect(late).toMatchObject({ well: false, fix: expect.stringContaining('9 s ahead') });
  expect(present).toMatchObject({ well: true, fix: '' });
  expect(present?.details.join()).toContain('"bad":1,"total":50');

  const [down] = await examine(() =>
    Promise.reject(new Fault('metrics.unavailable', 'it is away', { retryable: true })),
  );
  expect(down).toMatchObject({ well: false, fix: 'Prometheus: it is away.' });
});
