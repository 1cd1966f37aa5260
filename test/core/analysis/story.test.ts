import { expect, test } from 'vitest';
import { judge } from '#core/analysis/index.ts';
import { Analysis } from '#core/analysis/metric.ts';
import type { Reading, Sample } from '#core/analysis/reading.ts';
import { seeded } from '#core/analysis/seeded.ts';

const analysis = Analysis.parse({
  source: 'demo',
  metrics: [
    { name: 'errors', type: 'ratio', unit: 'percent', floor: { absolute: 0.005 }, critical: true },
    { name: 'latency-p95', type: 'latency', unit: 'milliseconds', floor: { absolute: 5 } },
  ],
});

/** Looks every 3 s for a minute: 50 requests a second, 20 % of them on the candidate. */
function story(seed: number, candidateErrors: number, candidateMs: number) {
  const random = seeded(seed);
  const sides: Record<'stable' | 'candidate', Sample[][]> = { stable: [], candidate: [] };
  for (const side of ['stable', 'candidate'] as const) sides[side].push([], []);
  const look = (index: number, side: 'stable' | 'candidate') => {
    const at = index * 3000;
    const total = random.poisson(150 * (side === 'stable' ? 0.8 : 0.2));
    const bad = random.binomial(total, side === 'stable' ? 0.005 : candidateErrors);
    const value = (side === 'stable' ? 100 : candidateMs) * Math.exp(0.15 * random.normal());
    sides[side][0]?.push({ kind: 'ratio', at, bad, total });
    sides[side][1]?.push({ kind: 'value', at, value });
  };
  const reading = (samples: Sample[] | undefined): Reading => ({
    class: 'ok',
    samples: samples ?? [],
    query: '',
    notes: [],
  });
  for (let index = 1; index <= 20; index++) {
    look(index, 'stable');
    look(index, 'candidate');
    const judgement = judge({
      analysis,
      looksBefore: index - 1,
      blindLooks: 0,
      last: index === 20,
      readings: analysis.metrics.map((metric, i) => ({
        metric: metric.name,
        stable: reading(sides.stable[i]),
        candidate: reading(sides.candidate[i]),
      })),
    });
    if (judgement.phase === 'failed' || index === 20) return { seconds: index * 3, judgement };
  }
  throw new Error('unreachable');
}

test('a release with 8 % errors is turned back within half a minute', () => {
  const times: number[] = [];
  for (let seed = 1; seed <= 30; seed++) {
    const { seconds, judgement } = story(seed, 0.08, 100);
    expect(judgement.action).toBe('roll_back');
    times.push(seconds);
  }
  times.sort((a, b) => a - b);
  expect(times[15]).toBeLessThanOrEqual(30);
});

test('a release with twice the latency is turned back within the minute', () => {
  let caught = 0;
  for (let seed = 1; seed <= 30; seed++) {
    if (story(seed, 0.005, 200).judgement.action === 'roll_back') caught++;
  }
  expect(caught).toBeGreaterThanOrEqual(26);
});

test('the same version on both sides passes, or is looked at for longer', () => {
  let longer = 0;
  for (let seed = 1; seed <= 100; seed++) {
    const { action } = story(seed, 0.005, 100).judgement;
    expect(['go_on', 'extend']).toContain(action);
    if (action === 'extend') longer++;
  }
  expect(longer).toBeLessThanOrEqual(10);
});
