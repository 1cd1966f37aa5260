import { describe, expect, it } from 'vitest';
import { readBoard } from '#app/board.ts';
import { alertWorld, notice, wordsIn } from './alert-world.ts';

async function alarmed() {
  const world = alertWorld();
  const id = await world.live('v2');
  world.pass(120);
  const startsAt = world.now() - 10_000;
  const { settings } = world.world;
  const places = () =>
    world.store.transact((tx) => readBoard(tx, settings(), world.rollouts, { service: 'shop' }));
  return { ...world, id, startsAt, places };
}

describe('a place in which an alert fires', () => {
  it('is marked on the board while it does, the worst first, and no other place is', async () => {
    const world = await alarmed();
    const { startsAt } = world;
    const labels = { alertname: 'PodRestarts', severity: 'warning', service: 'shop' };
    const mild = { groupKey: 'mild', title: 'PodRestarts' };
    await world.fire(notice([{ startsAt: startsAt - 9000, labels }], mild));
    await world.fire(notice([{ startsAt }, { startsAt: startsAt + 1, fingerprint: 'f2' }]));
    const marked = new Map(
      (await world.places()).map(({ environment, alerts }) => [environment, alerts]),
    );
    expect(marked.get('staging')).toEqual([]);
    expect(marked.get('production')).toMatchObject([
      { title: 'HighErrorRate', severity: 'critical', effect: 'pause', count: 2, since: startsAt },
      { title: 'PodRestarts', severity: 'warning', effect: 'note', count: 1 },
    ]);

    const over = { startsAt: startsAt - 9000, endsAt: world.now(), status: 'resolved' as const };
    await world.fire(notice([{ ...over, labels }], mild));
    const [, production] = await world.places();
    expect(production?.alerts.map(({ title }) => title)).toEqual(['HighErrorRate']);
  });

  it('is marked in the answers of status and show', async () => {
    const world = await alarmed();
    const quiet = await world.say('status shop', 'grace');
    expect(quiet.view.tone).toBe('neutral');
    const earlier = world.startsAt - 3_600_000;
    const before = { groupKey: 'before', title: 'DiskFull' };
    await world.fire(notice([{ startsAt: earlier }], before));
    await world.fire(notice([{ startsAt: world.startsAt }]));
    const said = await world.say('status shop', 'grace');
    expect(said.view).toMatchObject({ tone: 'danger' });
    expect(said.view.summary).toMatch(/, 1 with an alert$/);
    expect(wordsIn(said.view)).toContain('Alert: DiskFull and 1 more');

    // What is held against the release is told as such; the other only fires beside it.
    const shown = wordsIn((await world.say(`show ${world.id}`, 'grace')).view);
    expect(shown).toContain('still fires, counts as a failure');
    expect(shown.match(/fires in its place since/g)).toHaveLength(1);
    expect(shown).toContain('DiskFull');
  });
});
