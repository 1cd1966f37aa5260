import { expect, it } from 'vitest';
import { createFigureGauges } from '#app/figures/figure-gauges.ts';
import { readFigures } from '#app/figures/read-figures.ts';
import { figuresOf } from '#core/figures/figures.ts';
import { busWorld } from '../bus-world.ts';

async function story() {
  const world = busWorld();
  for (const [version, seconds] of [
    ['v2', 200],
    ['v3', 120],
  ] as const) {
    await world.say(`deploy shop ${version} to production`, 'bob');
    await world.drive(2);
    const id = version === 'v2' ? 'shop-1' : 'shop-2';
    await world.say(`approve ${id}`, 'grace');
    await world.drive(seconds);
  }
  return world;
}

it('one release that passed and one that was caught are told as such, in chat and in the gauges', async () => {
  const world = await story();
  const reply = await world.say('stats shop in production over 7d', 'grace');
  expect(reply.refusal).toBeNull();
  expect(reply.data).toMatchObject({
    deployments: { value: 1, n: 1 },
    changeFailRate: { value: 0.5, n: 2 },
    caughtInCanary: { value: 1 },
    canaryPassRate: { value: 0.5, n: 2 },
  });
  expect(reply.view.title).toBe('Figures of shop in production, last 7 days');

  const gauges = new Map<string, number>();
  const telemetry = {
    ...world.world.telemetry,
    gauge: (_name: string, value: number, labels: Readonly<Record<string, string>> = {}) => {
      gauges.set(labels['figure'] ?? '', value);
    },
  };
  const refresh = createFigureGauges({ ...world.world, telemetry });
  await refresh();
  expect(gauges.get('changeFailRate')).toBe(0.5);
  expect(gauges.get('promotionTime')).toBeNaN();
  gauges.clear();
  await refresh();
  expect(gauges.size).toBe(0);
});

it('only the wanted service and environment are counted', async () => {
  const world = await story();
  const measured = await world.store.transact(async (tx) => [
    figuresOf(await readFigures(tx, world.world.settings(), { days: 7, environment: 'staging' })),
    figuresOf(await readFigures(tx, world.world.settings(), { days: 7, service: 'other' })),
  ]);
  expect(measured.map(({ deployments }) => deployments.n)).toEqual([0, 0]);
});
