import { expect, it } from 'vitest';
import { readRolloutEvent } from '#app/rollout/trust-boundary.ts';
import { busWorld, outcome } from '../app/bus-world.ts';

type World = ReturnType<typeof busWorld>;

const place = { target: 'shop-production', service: 'shop', environment: 'production' };

interface Outage {
  readonly of: string;
  begin(world: World): void;
  end(world: World): void;
}

const outages: readonly Outage[] = [
  {
    of: 'the target',
    begin: ({ target }) => target.world.fail('target.unavailable'),
    end: ({ target }) => target.world.heal(),
  },
  {
    of: 'the metrics',
    begin: ({ metrics }) => metrics.world.answer('provider_error'),
    end: ({ metrics }) => metrics.world.answer(null),
  },
];

/** How long the way of the release is, in changes of the target: prepare, shift, shift, promote, retire. */
const changes = 5;
const rows = outages.flatMap((outage) =>
  Array.from({ length: changes }, (_, after) => ({ ...outage, after })),
);

it.each(rows)(
  'an outage of $of after $after changes delays the release, and breaks and repeats nothing',
  async ({ begin, end, after }) => {
    const world = busWorld();
    const effects = () => world.target.world.effects(place);
    const asked = await world.say('deploy shop v2 to production');
    const id = asked.rollout ?? '';
    await world.drive(2);
    expect(outcome(await world.say(`approve ${id}`, 'grace'))).toBe('done');
    for (let turn = 0; turn < 400 && effects().length < after; turn += 1) await world.drive(0.5);
    expect(effects()).toHaveLength(after);

    begin(world);
    await world.drive(120);
    const during = await world.read(id);
    expect(['progressing', 'promoting', 'finalising', 'paused', 'waiting', 'succeeded']).toContain(
      during.phase,
    );
    // Commands are answered all the while.
    expect(outcome(await world.say(`status shop`))).toBe('done');
    end(world);
    if (during.phase === 'paused') {
      expect(during.pause?.reason).toMatch(/^(target|provider)_down$/);
      expect(outcome(await world.say(`resume ${id}`))).toBe('done');
    }
    await world.drive(300);

    expect(await world.read(id)).toMatchObject({ phase: 'succeeded', abort: null });
    const kinds = effects().map(({ change }) => change.kind);
    expect(kinds).toEqual(['prepare', 'shift', 'shift', 'promote', 'retire']);
    expect(world.problems).toEqual([]);
  },
);

/** The kinds of events of a rollout that are about an outage. */
async function told(world: World, id: string): Promise<readonly string[]> {
  const events = await world.store.transact((tx) => tx.events({ stream: `rollout:${id}` }));
  return events
    .map(({ body }) => readRolloutEvent(body).kind)
    .filter((kind) => kind.startsWith('outage.'));
}

it('a request whose target is away says so wherever it is looked at, once, and then goes on', async () => {
  const world = busWorld();
  world.target.world.fail('target.unavailable');
  const asked = await world.say('deploy shop v2 to production');
  const id = asked.rollout ?? '';
  await world.drive(180);

  expect(await world.read(id)).toMatchObject({
    phase: 'planned',
    outage: { of: 'target', name: 'shop-production', code: 'target.unavailable' },
  });
  expect(await told(world, id)).toEqual(['outage.begun']);
  for (const text of ['status shop', 'why shop production', `show ${id}`]) {
    const said = JSON.stringify((await world.say(text)).view);
    expect(said, text).toContain('shop-production');
    expect(said, text).toContain('The memory target was told to fail.');
    expect(said, text).toContain('target.unavailable');
  }

  world.target.world.heal();
  await world.drive(10);
  expect(await told(world, id)).toEqual(['outage.begun', 'outage.over']);
  expect(await world.read(id)).toMatchObject({ phase: 'waiting', outage: null });
  expect(JSON.stringify((await world.say('status shop')).view)).not.toContain('told to fail');
});

it('a request whose target never answers ends when its plan would have', async () => {
  const world = busWorld();
  world.target.world.fail('target.unavailable');
  const { rollout } = await world.say('deploy shop v2 to production');
  await world.drive(10);
  world.pass(86_400);
  await world.drive(10);
  expect(await world.read(rollout ?? '')).toMatchObject({ phase: 'expired', outage: null });
});

it('a release whose metrics cannot be read says which source, and why, before it pauses', async () => {
  const world = busWorld();
  const { rollout } = await world.say('deploy shop v2 to production');
  const id = rollout ?? '';
  await world.drive(2);
  await world.say(`approve ${id}`, 'grace');
  world.metrics.world.answer('provider_error');
  for (let turn = 0; turn < 400 && (await told(world, id)).length === 0; turn += 1) {
    await world.drive(0.5);
  }
  expect(await told(world, id)).toEqual(['outage.begun']);
  expect((await world.read(id)).outage).toMatchObject({
    of: 'metrics',
    name: 'memory',
    detail: 'The source says provider_error.',
  });
  const shown = JSON.stringify((await world.say(`show ${id}`)).view);
  expect(shown).toContain('Waiting for the metrics source memory');
});

it('a release on its way back whose target is away says so', async () => {
  const world = busWorld();
  const { rollout } = await world.say('deploy shop v2 to production');
  const id = rollout ?? '';
  await world.drive(2);
  await world.say(`approve ${id}`, 'grace');
  await world.drive(20);
  world.target.world.fail('target.unavailable');
  expect(outcome(await world.say(`abort ${id}`))).toBe('done');
  await world.drive(20);
  expect(await world.read(id)).toMatchObject({ phase: 'aborting', outage: { of: 'target' } });
  world.target.world.heal();
  await world.drive(60);
  expect(await world.read(id)).toMatchObject({ phase: 'rolled_back', outage: null });
});
