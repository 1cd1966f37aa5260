import { describe, expect, it } from 'vitest';
import { alertWorld, buttonsIn, notice, wordsIn } from './alert-world.ts';

describe('the thread of an alert', () => {
  it('names the release that may have caused it, and rolls back from there', async () => {
    const world = alertWorld();
    const id = await world.live('v2');
    world.pass(120);
    const startsAt = world.now() - 10_000;
    expect(await world.fire(notice([{ startsAt }]))).toBe(true);
    const [group] = await world.groups();
    if (group === undefined) throw new Error('no group');
    expect(group.suspects).toMatchObject([{ rollout: id, distance: 0, share: 100 }]);
    const card = await world.card(group);
    expect(card?.title).toBe('HighErrorRate: shop in production');
    expect(card?.tone).toBe('danger');
    const back = buttonsIn(card)['Roll back shop to v1'] ?? '';

    expect((await world.press(back, 'grace')).refusal?.code).toBe('access.missing_role');
    const pressed = await world.press(back, 'ada');
    expect(pressed.refusal).toBeNull();
    const way = pressed.rollout ?? '';
    expect(await world.read(way)).toMatchObject({
      intent: 'rollback',
      artifact: { version: 'v1' },
      reason: 'alert HighErrorRate',
    });
    expect(wordsIn(await world.card(group))).toContain(`${way} goes back to v1`);
    expect(Object.keys(buttonsIn(await world.card(group)))).toEqual(['Not related: shop v2']);
    await world.drive(20);
    expect((await world.read(way)).phase).toBe('succeeded');
    expect(wordsIn(await world.card(group))).toContain(`It no longer runs: ${way} brought v1.`);

    const over = { status: 'resolved' as const, startsAt, endsAt: world.now() - 1000 };
    expect(await world.fire(notice([over]))).toBe(true);
    expect(await world.card(group)).toMatchObject({ tone: 'success' });
    expect(buttonsIn(await world.card(group))).toEqual({});
    expect(world.problems).toEqual([]);
  });
});

it('in the thread of an alert its only suspect is meant', async () => {
  const world = alertWorld();
  await world.live('v2');
  world.pass(120);
  await world.fire(notice([{ startsAt: world.now() - 1000 }]));
  const [group] = await world.groups();
  const place = { platform: 'console', tenant: 'console', channel: 'on-call' };
  await world.store.transact((tx) =>
    tx.delivered(
      `alert:${group?.id}:1:console:console:on-call:card`,
      1,
      'hash',
      { channel: { ...place, thread: null }, message: 'm1' },
      world.now(),
    ),
  );
  const said = await world.say('rollback', 'ada', { channel: { ...place, thread: 'm1' } });
  expect(said.refusal).toBeNull();
  expect(await world.read(said.rollout ?? '')).toMatchObject({
    intent: 'rollback',
    artifact: { version: 'v1' },
  });
});
