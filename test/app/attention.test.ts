import { expect, it } from 'vitest';
import { createReader } from '#app/read-model.ts';
import { createAuthority } from '#app/resolve-authority.ts';
import type { OnCall } from '#ports/on-call.ts';
import { alertWorld, notice } from './alerts/alert-world.ts';

/** A world, the reader of its pages, and how often it asked who is on call. */
function watched() {
  const world = alertWorld();
  let asked = 0;
  const onCall: OnCall = {
    async who({ service }) {
      asked += 1;
      return { people: [service === 'shop' ? 'Grace' : 'Ada'], because: 'by a list' };
    },
  };
  const history = { async *exportHistory() {}, prove: async () => null };
  const authority = createAuthority(world.world);
  const reader = createReader(world.world, world.rollouts, authority, history, () => onCall);
  return { ...world, reader, asked: () => asked };
}

it('tells what rings about which release, marks its place, and who is on call', async () => {
  const world = watched();
  const id = await world.live('v2');
  world.pass(120);
  expect(await world.reader.attention()).toMatchObject({ alerts: [], waiting: [], underWay: [] });

  const startsAt = world.now() - 10_000;
  await world.fire(notice([{ startsAt }]));
  const { alerts, duty } = await world.reader.attention();
  expect(alerts).toMatchObject([
    {
      severity: 'critical',
      since: startsAt,
      places: [{ service: 'shop', environment: 'production' }],
      suspects: [{ rollout: id, version: 'v2' }],
      toldIn: null,
    },
  ]);
  const buttons = alerts[0]?.card.blocks.flatMap((one) =>
    one.kind === 'buttons' ? one.buttons.map(({ label }) => label) : [],
  );
  expect(buttons).toContain('Not related: shop v2');
  expect(duty).toMatchObject([{ people: ['Grace'], because: 'by a list' }]);

  const { places } = await world.reader.board();
  const marked = places.filter((one) => one.alerts.length > 0);
  expect(marked.map(({ service, environment }) => [service, environment])).toEqual([
    ['shop', 'production'],
  ]);
  const { view } = await world.say('status');
  expect(view.summary).toContain('1 with an alert');
  expect(JSON.stringify(view.blocks)).toContain(' since ');
});

it('asks who is on call once a minute at most', async () => {
  const world = watched();
  await world.reader.attention();
  const first = world.asked();
  await world.reader.attention();
  expect(world.asked()).toBe(first);
  world.pass(61);
  await world.reader.attention();
  expect(world.asked()).toBe(first * 2);
});

it('puts what waits for a person before what goes on, and tells of locks', async () => {
  const world = watched();
  await world.say('deploy shop v2 to production');
  await world.drive(2);
  const waiting = await world.reader.attention();
  expect(waiting.waiting.map(({ state }) => state.phase)).toEqual(['waiting']);
  expect(waiting.underWay).toEqual([]);
  await world.say('approve shop-1', 'grace');
  await world.drive(1);
  await world.say('lock shop in staging because of the index');
  const later = await world.reader.attention();
  expect(later.underWay.map(({ id }) => id)).toEqual(['shop-1']);
  expect(later.held).toMatchObject([{ environment: 'staging', place: { lock: {} } }]);
});
