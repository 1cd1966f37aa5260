import { describe, expect, it } from 'vitest';
import { memoryArtifact } from '#adapters/memory/artifact-registry.ts';
import { createMemoryTarget } from '#adapters/memory/delivery-target.ts';
import { deliveryTargetContract } from '../../contracts/delivery-target.ts';

const ref = { target: 'here', service: 'shop', environment: 'production' };
const first = memoryArtifact('shop', 'v1');
const second = memoryArtifact('shop', 'v2');
const broken = memoryArtifact('shop', 'v5');

deliveryTargetContract('memory', async () => {
  const { target, world, pass } = createBench(100);
  world.breakArtifact(broken.digest, { code: 'never_ready', text: 'It is not ready.' });
  return {
    target,
    ref,
    first,
    second,
    third: memoryArtifact('shop', 'v3'),
    broken,
    job: 'migrate',
    pass: async () => pass(40),
    close: async () => {},
  };
});

describe('the world behind the memory target', () => {
  it('converges by the clock alone', async () => {
    const { target, pass } = createBench(100);
    await target.change(ref, prepare, stamp(0), 'memory/here/shop/production#1');
    pass(99);
    expect((await target.inspect(ref)).candidate).toMatchObject({ wanted: 1, ready: 0 });
    pass(1);
    expect((await target.inspect(ref)).candidate).toMatchObject({ wanted: 1, ready: 1 });
  });

  it('counts as effects only what was written', async () => {
    const { target, world } = createBench(0);
    const { identity } = await target.inspect(ref);
    for (const step of [0, 0, 1]) await target.change(ref, prepare, stamp(step), identity);
    expect(world.effects(ref).map((effect) => effect.stamp.step)).toEqual([0, 1]);
  });

  it('takes the weight away when the candidate breaks', async () => {
    const { target, world } = createBench(0);
    const { identity } = await target.inspect(ref);
    await target.change(ref, prepare, stamp(0), identity);
    await target.change(ref, { kind: 'shift', weight: 25 }, stamp(1), identity);
    expect((await target.inspect(ref)).weight).toBe(25);
    world.breakArtifact(second.digest, { code: 'crash_loop', text: 'It crashed.' });
    expect(await target.inspect(ref)).toMatchObject({
      weight: 0,
      problems: [{ code: 'crash_loop' }],
    });
  });

  it('fails as often as it was told', async () => {
    const { target, world } = createBench(0);
    world.fail('target.unavailable', 1);
    await expect(target.inspect(ref)).rejects.toMatchObject({ retryable: true });
    expect((await target.inspect(ref)).stable?.ready).toBe(2);
  });
});

const prepare = { kind: 'prepare', artifact: second, capacityPercent: 10 } as const;

function stamp(step: number) {
  return { rollout: 'shop-1', planHash: 'p', step, fence: 1 };
}

function createBench(convergeMs: number) {
  let now = 1_000_000;
  const clock = { now: () => now };
  const made = createMemoryTarget({ clock, convergeMs, initial: () => first });
  return {
    ...made,
    pass: (ms: number) => {
      now += ms;
    },
  };
}
