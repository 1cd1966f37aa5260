import { describe, expect, it } from 'vitest';
import { postDigests } from '#app/digest/post-digests.ts';
import { projectRollout } from '#app/project-rollout.ts';
import { createRollouts } from '#app/rollout/create-rollouts.ts';
import { alertWorld, notice } from '../alerts/alert-world.ts';
import { busWorld } from '../bus-world.ts';

const day = 86_400;

describe('a digest that is asked for', () => {
  it('tells a quiet day in one line, and a day with a rollback truthfully', async () => {
    const world = busWorld();
    const quiet = await world.say('digest', 'grace');
    expect(quiet.view.summary).toBe('Nothing was released in the last day, and nothing waits.');
    expect(quiet.view.blocks).toHaveLength(1);
    await world.say('deploy shop v3 to production', 'bob');
    await world.drive(2);
    const waits = await world.say('digest', 'grace');
    expect(waits.view.summary).toBe('In the last day: 1 to approve.');
    await world.say('approve shop-1', 'grace');
    await world.drive(120);
    const told = await world.say('digest', 'grace');
    expect(told.view.summary).toBe('In the last day: 1 caught before all of the traffic.');
    const blocks = JSON.stringify(told.view.blocks);
    expect(blocks).toContain('Caught before all of the traffic had it');
    expect(blocks).toContain('v3 was rolled back by shop-1');
    world.pass(2 * day);
    const later = await world.say('digest', 'grace');
    expect(later.view.summary).toBe('In the last day: nothing was released.');
    expect(JSON.stringify(later.view.blocks)).toContain('Still needed?');
    expect((await world.say('digest over 7d', 'grace')).view.summary).toContain('1 caught');
  });

  it('names what waits further down the path, and the freezes ahead', async () => {
    const world = busWorld((text) => {
      Object.assign(text, {
        freezes: {
          weekend: {
            kind: 'weekly',
            zone: 'UTC',
            from: { day: 'fri', time: '16:00' },
            until: { day: 'mon', time: '08:00' },
            reason: 'Nobody is here',
          },
        },
      });
      text.environments.production.gates.push(
        Object.assign({ gate: 'freeze', options: { windows: ['weekend'] } }),
      );
    });
    await world.say('deploy shop v2 to staging', 'ada');
    await world.drive(60);
    const told = JSON.stringify((await world.say('digest', 'grace')).view);
    expect(told).toContain('v2 is ready before it');
    expect(told).toMatch(/production from .*Nobody is here/);
    await world.say('freeze production for 2h because of the release party', 'linus');
    expect(JSON.stringify((await world.say('digest', 'grace')).view)).toContain('release party');
  });
});

describe('what stands beside the releases', () => {
  const told = async (world: ReturnType<typeof alertWorld>, over = '') =>
    (await world.say(`digest ${over}`, 'grace')).view;

  it('lists the alerts that are held against no release, gravest first, and ends with them', async () => {
    const world = alertWorld();
    const at = world.now() - 60_000;
    const disk = { startsAt: at, fingerprint: 'd', name: 'DiskFull', labels: {} };
    await world.fire(notice([disk], { groupKey: 'disk', title: 'DiskFull' }));
    expect((await told(world)).summary).toContain('Nothing was released');
    await world.fire(notice([{ startsAt: at }]));
    const view = await told(world);
    expect(view.summary).toBe('In the last day: 2 other alerts.');
    const words = JSON.stringify(view.blocks);
    expect(words).toMatch(/Alerts held against no release.*HighErrorRate: shop in production: f/);
    expect(words).toMatch(/HighErrorRate.*DiskFull: firing for 1m/);
    expect(view.tone).toBe('warning');
    world.pass(600);
    await world.fire(notice([{ startsAt: at, status: 'resolved', endsAt: world.now() }]));
    expect(JSON.stringify((await told(world)).blocks)).toContain('over after 11m');
    world.pass(3 * day);
    const later = JSON.stringify((await told(world)).blocks);
    expect(later).not.toContain('HighErrorRate');
    expect(JSON.stringify((await told(world, 'over 7d')).blocks)).toContain('HighErrorRate');
  });

  it('does not list one again that is held against a release, until somebody clears it', async () => {
    const world = alertWorld();
    const id = await world.live('v2');
    await world.fire(notice([{ startsAt: world.now() - 1000 }]));
    expect((await told(world)).summary).toBe('In the last day: 1 shipped, 1 with alerts.');
    const [group] = await world.groups();
    await world.say(`not-related ${id} to ${group?.id} because the database was slow`, 'bob');
    expect((await told(world)).summary).toBe('In the last day: 1 shipped, 1 other alert.');
  });

  it('says what does not run what was released', async () => {
    const world = busWorld();
    await world.say('deploy shop v2 to staging', 'ada');
    await world.drive(60);
    const place = { target: 'shop-staging', service: 'shop', environment: 'staging' };
    world.target.world.drift(place, 'Somebody set the image by hand.');
    const { view } = await world.say('digest', 'grace');
    expect(view.summary).toBe('In the last day: 1 shipped, 1 not as released.');
    expect(JSON.stringify(view.blocks)).toContain(
      'shop in staging: Somebody set the image by hand.',
    );
  });
});

describe('a digest that is posted by itself', () => {
  function digests(quiet: 'line' | 'nothing' = 'line') {
    const world = busWorld((text) => {
      Object.assign(text, {
        digests: { daily: { channel: 'releases', at: '10:00', zone: 'UTC', quiet } },
      });
    });
    // Two processes, each with a memory of its own.
    const processes = [1, 2].map(() =>
      postDigests(world.world, createRollouts(world.world, projectRollout(world.world))),
    );
    const round = async () => {
      const posted = await Promise.all(processes.map((post) => post()));
      return posted.reduce((sum, one) => sum + one, 0);
    };
    const said = async (due: string) => {
      const at = Temporal.Instant.from(due).epochMilliseconds;
      const id = `digest:daily:${at}:console:console:releases`;
      return (await world.store.transact((tx) => tx.surface(id)))?.desired.summary ?? null;
    };
    const events = () =>
      world.store.transact((tx) => tx.events({ stream: 'digest:daily', limit: 100 }));
    return { ...world, round, said, events };
  }

  it('is posted once however many processes run, and covers what the last one did not', async () => {
    const world = digests();
    // It is 09:00, the day before nobody was there: nothing is made up for a new digest.
    expect(await world.round()).toBe(0);
    await world.say('deploy shop v2 to staging', 'ada');
    await world.drive(60);
    world.pass(3600);
    expect(await world.round()).toBe(1);
    expect(await world.round()).toBe(0);
    expect(await world.said('2026-11-20T10:00Z')).toBe('Since 2026-11-20 09:00 UTC: 1 shipped.');
    world.pass(day);
    expect(await world.round()).toBe(1);
    expect(await world.said('2026-11-21T10:00Z')).toBe(
      'Nothing was released since 2026-11-20 10:01 UTC, and nothing waits.',
    );
    expect((await world.events()).map(({ kind }) => kind)).toEqual([
      'digest.begun',
      'digest.posted',
      'digest.posted',
    ]);
  });

  it('catches up with one post after a long absence', async () => {
    const world = digests();
    await world.round();
    await world.say('deploy shop v2 to staging', 'ada');
    await world.drive(60);
    world.pass(5 * day);
    expect(await world.round()).toBe(1);
    expect(await world.said('2026-11-25T09:00Z')).toBeNull();
    expect(await world.said('2026-11-24T10:00Z')).toContain(
      'Since 2026-11-20 09:00 UTC: 1 shipped',
    );
  });

  it('says nothing on a quiet day where that is wanted, and remembers that it said it', async () => {
    const world = digests('nothing');
    await world.round();
    world.pass(day);
    expect(await world.round()).toBe(0);
    expect((await world.events()).at(-1)?.body).toMatchObject({ quiet: true });
    await world.say('deploy shop v2 to staging', 'ada');
    await world.drive(60);
    world.pass(day);
    expect(await world.round()).toBe(1);
  });
});
