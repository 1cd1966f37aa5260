import { describe, expect, it } from 'vitest';
import { memoryArtifact } from '#adapters/memory/artifact-registry.ts';
import { createMemoryMetrics } from '#adapters/memory/metrics-source.ts';
import { Metric } from '#core/analysis/metric.ts';
import { metricsSourceContract } from '../../contracts/metrics-source.ts';

const question = {
  target: { target: 'here', service: 'shop', environment: 'production' },
  side: 'candidate',
  artifact: memoryArtifact('shop', 'v2'),
  from: 1_000_000,
  to: 1_020_000,
  stepSeconds: 5,
} as const;

metricsSourceContract('memory', async () => {
  const { source, world } = createMemoryMetrics({ now: () => 1_030_000 });
  world.show('errors', 'candidate', (at) => ({ kind: 'ratio', at, bad: 1, total: 50 }));
  world.show('latency', 'candidate', (at) => ({ kind: 'value', at, value: 20 }));
  world.show('rare', 'candidate', (at) => ({ kind: 'count', at, events: 0, exposure: 5 }));
  return {
    source,
    question,
    metrics: [
      [{ name: 'errors', type: 'ratio' }, 'ratio'],
      [{ name: 'latency', type: 'latency' }, 'value'],
      [{ name: 'rare', type: 'count' }, 'count'],
    ],
    breakDown: async () => world.answer('provider_error'),
    close: async () => {},
  };
});

describe('the world behind the memory metrics', () => {
  const metric = Metric.parse({ name: 'errors', type: 'ratio' });

  it('shows nothing of the future', async () => {
    let now = 1_009_999;
    const { source, world } = createMemoryMetrics({ now: () => now });
    world.show('errors', 'candidate', (at) => ({ kind: 'ratio', at, bad: 0, total: 9 }));
    expect((await source.read({ ...question, metric })).samples).toHaveLength(1);
    now += 1;
    expect((await source.read({ ...question, metric })).samples).toHaveLength(2);
  });

  it('prefers what is said of the bits to what is said of the side', async () => {
    const { source, world } = createMemoryMetrics({ now: () => question.to });
    world.show('errors', 'candidate', (at) => ({ kind: 'ratio', at, bad: 0, total: 9 }));
    world.show('errors', question.artifact.digest, (at) => ({
      kind: 'ratio',
      at,
      bad: 9,
      total: 9,
    }));
    expect((await source.read({ ...question, metric })).samples[0]).toMatchObject({ bad: 9 });
  });

  it('has no traffic where nothing was asked', async () => {
    const { source, world } = createMemoryMetrics({ now: () => question.to });
    world.show('errors', 'candidate', (at) => ({ kind: 'ratio', at, bad: 0, total: 0 }));
    expect((await source.read({ ...question, metric })).class).toBe('no_traffic');
    expect(world.asked).toHaveLength(1);
  });
});
