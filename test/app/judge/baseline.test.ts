import { expect, it } from 'vitest';
import type { Sample } from '#core/analysis/reading.ts';
import { memoryWorld } from '../memory-world.ts';
import { releaseThrough } from './release-through.ts';

const errors =
  (bad: number) =>
  (at: number): Sample => ({ kind: 'ratio', at, bad, total: 20 });

/** How a release ends when both sides have become worse since the last one succeeded. */
async function afterBothBecameWorse(baseline: 'stable' | 'previous') {
  const world = memoryWorld((text) => {
    Object.assign(text.analyses.web, { baseline });
  });
  expect((await releaseThrough(world, 'v2')).phase).toBe('succeeded');
  world.metrics.world.show('errors', 'stable', errors(8));
  world.metrics.world.show('errors', 'candidate', errors(8));
  return releaseThrough(world, 'v4');
}

it.each([
  { baseline: 'stable', phase: 'succeeded' },
  { baseline: 'previous', phase: 'rolled_back' },
] as const)('held against $baseline, it is $phase', async ({ baseline, phase }) => {
  expect((await afterBothBecameWorse(baseline)).phase).toBe(phase);
});
