import { describe, expect, it } from 'vitest';
import { ringBells } from '#app/alerts/ring-bells.ts';
import { alertWorld, buttonsIn, wordsIn } from './alert-world.ts';

const bells = {
  errors: {
    source: 'memory',
    metric: { name: 'bad-answers', type: 'ratio' },
    above: 0.1,
    over: '10s',
    least: 50,
  },
};

/** A world with a bell, and v2 live; `bad` is what part of its answers is bad from now on. */
async function belled() {
  const world = alertWorld(undefined, { bells });
  let bad = 0;
  let total = 10;
  world.metrics.world.show('bad-answers', 'stable', (at) => ({
    kind: 'ratio',
    at,
    bad: bad * total,
    total,
  }));
  const id = await world.live('v2');
  const ring = ringBells(world.world, world.intake);
  return {
    ...world,
    id,
    ring,
    be: (share: number, requests = 100) => {
      bad = share;
      total = requests;
    },
    group: async () => (await world.groups())[0] ?? null,
  };
}

describe('a bell of our own', () => {
  it('rings while too much is bad, with the release as suspect, and ends by itself', async () => {
    const world = await belled();
    world.pass(60);
    await world.ring();
    expect(await world.group()).toBeNull();

    world.be(0.25);
    world.pass(5);
    expect(await world.ring()).toBe(1);
    const group = await world.group();
    if (group === null) throw new Error('it does not ring');
    expect(group).toMatchObject({ source: 'bell', title: 'errors', phase: 'firing' });
    expect(group.suspects).toMatchObject([{ rollout: world.id }]);
    const card = await world.card(group);
    expect(wordsIn(card)).toContain('25 % of the requests to shop are bad');
    expect(Object.keys(buttonsIn(card))).toContain('Roll back shop to v1');

    // Asked again, and by another worker: nothing new.
    const before = await world.events(group.id);
    world.pass(5);
    await world.ring();
    await ringBells(world.world, world.intake)();
    expect(await world.events(group.id)).toEqual(before);

    world.be(0.02);
    world.pass(5);
    expect(await world.ring()).toBe(0);
    expect((await world.group())?.phase).toBe('resolved');
  });

  it('is silent where little is asked, where nothing can be measured, and during a rollout', async () => {
    const world = await belled();
    world.be(0.5, 10);
    world.pass(5);
    await world.ring();
    expect(await world.group()).toBeNull();
    world.be(0.5);
    world.metrics.world.answer('provider_error');
    await world.ring();
    expect(await world.group()).toBeNull();
    world.metrics.world.answer(null);
    const next = await world.released('v3');
    await world.drive(12);
    expect((await world.read(next)).startedAt).not.toBeNull();
    await world.ring();
    expect(await world.group()).toBeNull();
  });

  it('asks for a window that a source that looks each second has wholly seen', async () => {
    const world = await belled();
    world.pass(60);
    await world.ring();
    const { from = 0, to = 0, stepSeconds } = world.metrics.world.asked.at(-1) ?? {};
    expect([to - from, stepSeconds]).toEqual([10_000, 10]);
    expect(world.world.clock.now() - to).toBeGreaterThan(2000);
  });

  it('that was left ringing by a process that died ends as well', async () => {
    const world = await belled();
    world.be(0.25);
    world.pass(30);
    await world.ring();
    world.be(0);
    world.pass(30);
    await ringBells(world.world, world.intake)();
    expect((await world.group())?.phase).toBe('resolved');
  });
});
