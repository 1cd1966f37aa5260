import { expect, it } from 'vitest';
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
