import { describe, expect, it } from 'vitest';
import { tendWatches } from '#app/alerts/tend-watches.ts';
import { readFigures } from '#app/figures/read-figures.ts';
import { figuresOf } from '#core/figures/figures.ts';
import { alertWorld, buttonsIn, notice, wordsIn } from './alert-world.ts';

/** The gate that names an objective, so that the release is watched for it. */
function withObjective(text: Parameters<NonNullable<Parameters<typeof alertWorld>[0]>>[0]): void {
  Object.assign(text, {
    objectives: {
      orders: { source: 'memory', metric: { name: 'bad-orders', type: 'ratio' }, target: 0.99 },
    },
  });
  Object.assign(text.environments.production, {
    gates: [
      ...text.environments.production.gates,
      { gate: 'error-budget', options: { objective: 'orders' } },
    ],
  });
}

function watched(...args: Parameters<typeof alertWorld>) {
  const world = alertWorld(...args);
  const thread = (id: string, name: string) =>
    world.surface(`rollout:${id}:console:console:releases:${name}`);
  const figures = async () =>
    figuresOf(
      await world.store.transact((tx) => readFigures(tx, world.world.settings(), { days: 7 })),
    );
  return { ...world, thread, figures, watchOver: tendWatches(world.world) };
}

describe('watching after the release', () => {
  it('begins with all of the traffic and ends in time, saying that nothing rang', async () => {
    const world = watched();
    const id = await world.live('v2');
    const { endedAt } = await world.read(id);
    expect(await world.watch(id)).toMatchObject({
      until: (endedAt ?? 0) + 1_800_000,
      closed: false,
      troubles: [],
    });
    world.pass(1700);
    await world.watchOver();
    expect(await world.thread(id, 'window')).toBeNull();
    world.pass(200);
    await world.watchOver();
    expect(await world.watch(id)).toMatchObject({ closed: true });
    expect((await world.thread(id, 'window'))?.summary).toBe('Watched for 30m: nothing rang.');
    expect(await world.watchOver()).toBe(0);
  });

  it.each([
    ['switched off', { window: 0 }, null],
    ['of another length', { window: '2h' }, 7_200_000],
  ])('is %s by the settings', async (_, alerts, lengthMs) => {
    const world = watched(undefined, alerts);
    const id = await world.live('v2');
    const { endedAt } = await world.read(id);
    const until = (await world.watch(id))?.until ?? null;
    expect(until).toBe(lengthMs === null ? null : (endedAt ?? 0) + lengthMs);
  });

  it('links an alert of the window, and none that began after it', async () => {
    const world = watched(undefined, { lookback: '6h' });
    const id = await world.live('v2');
    world.pass(1500);
    await world.fire(notice([{ startsAt: world.now() - 1000 }]));
    world.pass(600);
    const late = [{ startsAt: world.now() - 1000, fingerprint: 'f9' }];
    await world.fire(notice(late, { groupKey: 'another' }));
    expect((await world.watch(id))?.troubles).toMatchObject([
      { name: 'HighErrorRate', severity: 'critical', fails: true, endsAt: null },
    ]);
    await world.watchOver();
    expect((await world.thread(id, 'window'))?.summary).toBe(
      'Watched for 30m: 1 held against it (HighErrorRate, still).',
    );
    const [group] = await world.groups();
    const note = await world.thread(id, `alert:${group?.id}#1`);
    expect(note?.summary).toMatch(/^HighErrorRate \(critical\) began .* after v2 was live\.$/);
    expect(wordsIn((await world.say(`show ${id}`)).view)).toContain(
      'still fires, counts as a failure',
    );
    // The later one still has its suspect; it is only not held against it.
    expect((await world.groups())[1]?.suspects).toMatchObject([{ rollout: id }]);
    expect(await world.figures()).toMatchObject({
      changeFailRate: { value: 1, n: 1 },
      alertsLinked: { value: 1 },
    });
  });

  it('ends early, without a word, when something else runs', async () => {
    const world = watched();
    const id = await world.live('v2');
    const way = await world.say('rollback shop in production');
    await world.drive(20);
    expect((await world.read(way.rollout ?? '')).phase).toBe('succeeded');
    world.pass(1900);
    await world.watchOver();
    expect(await world.watch(id)).toMatchObject({ closed: true });
    expect(await world.thread(id, 'window')).toBeNull();
    // The way back is no deployment: nothing watches it.
    expect(await world.watch(way.rollout ?? '')).toBeNull();
  });
});

describe('objectives of a release that is watched', () => {
  it('links a breach, offers the way back, and sees it end', async () => {
    const world = watched(withObjective);
    const orders = (from: number, share: number) => (at: number) => ({
      kind: 'ratio' as const,
      at,
      bad: at >= from ? 100 * share : 0,
      total: 100,
    });
    const show = (show: ReturnType<typeof orders>) =>
      world.metrics.world.show('bad-orders', 'stable', show);
    show(orders(0, 0));
    const id = await world.live('v2');
    world.pass(31);
    await world.watchOver();
    expect((await world.watch(id))?.troubles).toEqual([]);

    show(orders(world.now(), 0.9));
    world.pass(600);
    await world.watchOver();
    expect((await world.watch(id))?.troubles).toMatchObject([
      { trouble: 'objective:orders', name: 'Objective orders', fails: true, endsAt: null },
    ]);
    const note = await world.thread(id, 'objective:orders');
    expect(note?.summary).toContain('Objective orders (page) began');
    expect(wordsIn(note)).toContain('times too fast');
    const loud = `rollout:${id}:console:console:on-call:objective:orders:loud`;
    expect(await world.surface(loud)).toEqual(note);
    const alone = await world.surface(`rollout:${id}:trouble:objective:orders`);
    expect(alone?.summary).toBe(note?.summary);
    expect(buttonsIn(alone)).toEqual({});
    const back = buttonsIn(note)['Roll back to v1'] ?? '';
    expect((await world.press(back, 'ada')).refusal).toBeNull();
    await world.drive(20);
    world.pass(31);
    await world.watchOver();
    const watch = await world.watch(id);
    expect(watch?.closed).toBe(true);
    expect(watch?.troubles[0]?.endsAt).not.toBeNull();
    for (const told of [await world.surface(loud), await world.thread(id, 'objective:orders')]) {
      expect(told?.summary).toMatch(/after v2 was live; it was over after/);
      expect(buttonsIn(told)).toEqual({});
    }
    expect(await world.figures()).toMatchObject({ changeFailRate: { value: 1, n: 1 } });
  });

  it('does not blame the release for what burned before it had traffic', async () => {
    const world = watched(withObjective);
    let burnsFrom = Number.POSITIVE_INFINITY;
    world.metrics.world.show('bad-orders', 'stable', (at) => ({
      kind: 'ratio',
      at,
      bad: at >= burnsFrom ? 90 : 0,
      total: 100,
    }));
    const id = await world.released('v2');
    for (let at = 0; at < 40 && (await world.read(id)).startedAt === null; at += 1) {
      await world.drive(0.5);
    }
    await world.say(`pause ${id} because something burns`);
    expect(await world.read(id)).toMatchObject({ phase: 'paused', weights: {} });
    burnsFrom = world.now();
    world.pass(1200);
    await world.say(`resume ${id}`);
    await world.drive(170);
    expect((await world.read(id)).phase).toBe('succeeded');
    world.pass(31);
    await world.watchOver();
    expect(await world.watch(id)).toMatchObject({ closed: false, troubles: [] });
  });

  it('says nothing when the objectives cannot be measured', async () => {
    const world = watched(withObjective);
    world.metrics.world.show('bad-orders', 'stable', (at) => ({
      kind: 'ratio',
      at,
      bad: 0,
      total: 100,
    }));
    const id = await world.live('v2');
    world.metrics.world.answer('provider_error');
    world.pass(31);
    await world.watchOver();
    expect((await world.watch(id))?.troubles).toEqual([]);
  });
});
