import { describe, expect, it } from 'vitest';
import { acceptAlerts } from '#app/alerts/accept-alerts.ts';
import { projectAlert } from '#app/alerts/project-alert.ts';
import { readFigures } from '#app/figures/read-figures.ts';
import { figuresOf } from '#core/figures/figures.ts';
import { alertWorld, buttonsIn, notice, wordsIn } from './alert-world.ts';

/** A world with v2 live for two minutes, and an alert that begins then. */
async function alarmed(...args: Parameters<typeof alertWorld>) {
  const world = alertWorld(...args);
  const id = await world.live('v2');
  world.pass(120);
  return { ...world, id, startsAt: world.now() - 10_000 };
}

async function onlyGroup(world: ReturnType<typeof alertWorld>) {
  const [group, ...others] = await world.groups();
  if (group === undefined || others.length > 0) throw new Error('not one group');
  return group;
}

describe('a notice that comes again', () => {
  it.each([
    ['from a peer', {}],
    ['from a peer that saw it begin a little later', { startsAt: 3000 }],
    ['with another summary', { summary: '13 % of requests fail' }],
  ])('%s changes nothing', async (_, over) => {
    const world = await alarmed();
    const { startsAt } = world;
    expect(await world.fire(notice([{ startsAt }]))).toBe(true);
    const { id } = await onlyGroup(world);
    const before = await world.events(id);
    const moved = 'startsAt' in over ? { startsAt: startsAt + (over.startsAt ?? 0) } : over;
    expect(await world.fire(notice([{ startsAt, ...moved }]))).toBe(false);
    expect(await world.events(id)).toEqual(before);
  });

  it('from two peers at once makes one group, one thread and one link', async () => {
    const world = await alarmed();
    const peers = [1, 2, 3, 4].map(() => world.fire(notice([{ startsAt: world.startsAt }])));
    expect((await Promise.all(peers)).filter((fresh) => fresh)).toHaveLength(1);
    const group = await onlyGroup(world);
    expect((await world.events(group.id)).filter((kind) => kind === 'episode.opened')).toHaveLength(
      1,
    );
    expect((await world.watch(world.id))?.troubles).toHaveLength(1);
  });

  it('is late: an end after the next beginning, and a beginning after its end', async () => {
    const world = await alarmed();
    const { startsAt } = world;
    const first = { startsAt, endsAt: startsAt + 2000, status: 'resolved' as const };
    const second = { startsAt: startsAt + 4000 };
    expect(await world.fire(notice([{ startsAt }]))).toBe(true);
    expect(await world.fire(notice([first]))).toBe(true);
    expect(await world.fire(notice([{ startsAt }]))).toBe(false);
    expect((await onlyGroup(world)).phase).toBe('resolved');
    expect(await world.fire(notice([second]))).toBe(true);
    expect(await world.fire(notice([first]))).toBe(false);
    const group = await onlyGroup(world);
    expect(group).toMatchObject({ phase: 'firing', episode: 2 });
    expect(wordsIn(await world.card(group))).toContain('2 times');
  });

  it('flaps: one thread, one link, one accusation, until it was quiet for long', async () => {
    const world = await alarmed();
    for (let time = 0; time < 3; time += 1) {
      const startsAt = world.now() - 1000;
      await world.fire(notice([{ startsAt }]));
      world.pass(60);
      const over = { startsAt, endsAt: world.now() - 1, status: 'resolved' as const };
      await world.fire(notice([over]));
      world.pass(60);
    }
    const flapped = await onlyGroup(world);
    expect(flapped).toMatchObject({ episode: 3, thread: 1, phase: 'resolved' });
    expect((await world.watch(world.id))?.troubles).toHaveLength(1);
    const notes = (await world.events(flapped.id)).flatMap((kind, at) =>
      kind === 'episode.opened' ? [at + 1] : [],
    );
    const base = `alert:${flapped.id}:1:console:console:on-call`;
    expect(await world.surface(`${base}:note:${notes[0]}`)).toBeNull();
    expect((await world.surface(`${base}:note:${notes[1]}`))?.summary).toBe('It fires again.');
    expect(await world.card(flapped)).toMatchObject({ tone: 'success' });

    world.pass(1801);
    await world.fire(notice([{ startsAt: world.now() - 1000 }]));
    expect(await onlyGroup(world)).toMatchObject({ episode: 4, thread: 4 });
  });

  it('after a crash between the commit and the acknowledgement changes nothing', async () => {
    const world = await alarmed();
    const crashing = {
      ...world.store,
      transact: async <T>(run: Parameters<typeof world.store.transact<T>>[0]): Promise<T> => {
        await world.store.transact(run);
        throw new Error('killed');
      },
    };
    const dying = { ...world.world, store: crashing };
    const intake = acceptAlerts(dying, world.rollouts, projectAlert(dying));
    await expect(intake.accept(notice([{ startsAt: world.startsAt }]))).rejects.toThrow('killed');
    const before = await world.events((await onlyGroup(world)).id);
    expect(await world.fire(notice([{ startsAt: world.startsAt }]))).toBe(false);
    expect(await world.events((await onlyGroup(world)).id)).toEqual(before);
    expect((await world.watch(world.id))?.troubles).toHaveLength(1);
  });

  it('after a crash before the commit is the first', async () => {
    const world = await alarmed();
    const crashing = {
      ...world.store,
      transact: <T>(run: Parameters<typeof world.store.transact<T>>[0]): Promise<T> =>
        world.store.transact(async (tx) => {
          await run(tx);
          throw new Error('killed');
        }),
    };
    const dying = { ...world.world, store: crashing };
    const intake = acceptAlerts(dying, world.rollouts, projectAlert(dying));
    await expect(intake.accept(notice([{ startsAt: world.startsAt }]))).rejects.toThrow('killed');
    expect(await world.groups()).toEqual([]);
    expect(await world.watch(world.id)).toMatchObject({ troubles: [] });
    expect(await world.fire(notice([{ startsAt: world.startsAt }]))).toBe(true);
  });
});

describe('what an alert is about', () => {
  it.each([
    ['a label that names a release', { release: 'shop-1', rollout: 'shop-1', version: 'v2' }],
    ['a label with no exact name of a service', { service: 'Shop' }],
    ['a service that does not exist', { service: 'constructor' }],
    ['an environment that does not exist', { service: 'shop', environment: 'prod' }],
    ['a rule that matches but for one label', { job: 'shop-web', namespace: 'blue' }],
  ])('is not told by %s', async (_, labels) => {
    const match = { job: 'shop-*', namespace: 'green' };
    const world = await alarmed(undefined, { rules: [{ match, service: 'shop' }] });
    const told = { alertname: 'X', severity: 'critical', ...labels };
    await world.fire(notice([{ startsAt: world.startsAt, labels: told }]));
    const group = await onlyGroup(world);
    expect(group.suspects).toEqual([]);
    expect(buttonsIn(await world.card(group))).toEqual({});
    expect(wordsIn(await world.card(group))).toContain('do not tell which service');
    expect((await world.watch(world.id))?.troubles).toEqual([]);
  });

  it('is told by a rule before any label', async () => {
    const match = { job: 'shop-*', namespace: 'green' };
    const world = await alarmed(undefined, { rules: [{ match, service: 'shop' }] });
    const labels = { job: 'shop-web', namespace: 'green', service: 'other', release: 'other-7' };
    await world.fire(notice([{ startsAt: world.startsAt, labels }]));
    expect((await onlyGroup(world)).suspects).toMatchObject([{ rollout: world.id }]);
  });

  it('accuses no release that came after it, whoever replays it', async () => {
    const world = alertWorld();
    const old = world.now() - 60_000;
    const id = await world.live('v2');
    await world.fire(notice([{ startsAt: old }]));
    const group = await onlyGroup(world);
    expect(group.suspects).toEqual([]);
    expect((await world.watch(id))?.troubles).toEqual([]);
  });

  it('is refused from a receiver that may not send', async () => {
    const world = await alarmed(undefined, { receivers: ['signalbox'] });
    const other = notice([{ startsAt: world.startsAt }], { receiver: 'somebody' });
    expect(await world.intake.accept(other)).toMatchObject({
      ok: false,
      refusal: { code: 'alert.unknown_receiver' },
    });
    expect(await world.fire(notice([{ startsAt: world.startsAt }]))).toBe(true);
  });
});

it('nothing is taken in while the history is in doubt', async () => {
  const world = await alarmed();
  world.halt('it was set back');
  expect(await world.intake.accept(notice([{ startsAt: world.startsAt }]))).toMatchObject({
    ok: false,
    refusal: { code: 'system.halted' },
  });
  world.halt(null);
  expect(await world.groups()).toEqual([]);
  expect(await world.fire(notice([{ startsAt: world.startsAt }]))).toBe(true);
});

it('an alert that begins while a release is taken back speaks of that release', async () => {
  const world = await alarmed();
  const way = await world.say('rollback shop in production');
  for (let at = 0; at < 20 && (await world.read(way.rollout ?? '')).startedAt === null; at += 1) {
    await world.drive(0.5);
  }
  expect((await world.read(way.rollout ?? '')).phase).not.toBe('succeeded');
  await world.fire(notice([{ startsAt: world.now() }]));
  expect((await world.watch(world.id))?.troubles).toHaveLength(1);
  expect(await world.watch(way.rollout ?? '')).toBeNull();
});

it('a sender that cannot measure accuses nobody, whatever the severity of its rule', async () => {
  const world = await alarmed(undefined, { severities: { critical: 'roll-back' } });
  await world.fire(notice([{ startsAt: world.startsAt, blind: true }]));
  expect((await world.watch(world.id))?.troubles).toMatchObject([{ fails: false }]);
  expect((await onlyGroup(world)).alerts).toMatchObject([{ effect: 'note', severity: 'critical' }]);
});

describe('an alert during a rollout', () => {
  async function underWay(alerts: object = {}) {
    const world = alertWorld(undefined, alerts);
    const id = await world.released('v2');
    await world.drive(25);
    expect((await world.read(id)).weights).toEqual({ 'shop-production': 20 });
    return { ...world, id };
  }

  it('pauses the rollout when it is critical, and is stamped on it', async () => {
    const world = await underWay();
    await world.fire(notice([{ startsAt: world.now() - 1000 }]));
    const state = await world.read(world.id);
    expect(state).toMatchObject({
      phase: 'paused',
      pause: { reason: 'alert', detail: 'the alert HighErrorRate (critical) fires' },
      alerts: [{ name: 'HighErrorRate', cleared: null }],
    });
    await world.drive(60);
    expect((await world.read(world.id)).weights).toEqual({ 'shop-production': 20 });
    const group = await onlyGroup(world);
    expect(Object.keys(buttonsIn(await world.card(group)))).toEqual([
      'Roll back shop to v1',
      'Not related: shop v2',
    ]);
    const startsAt = group.alerts[0]?.startsAt ?? 0;
    const over = { startsAt, status: 'resolved' as const, endsAt: world.now() };
    await world.fire(notice([over]));
    const after = await world.read(world.id);
    expect(after.phase).toBe('paused');
    expect(after.alerts).toMatchObject([{ cleared: 'the alert is over' }]);
    expect((await world.say(`resume ${world.id}`)).refusal).toBeNull();
    await world.drive(170);
    expect((await world.read(world.id)).phase).toBe('succeeded');
  });

  it('turns the rollout back with the countdown where the settings say so', async () => {
    const world = await underWay({ severities: { critical: 'roll-back' } });
    await world.fire(notice([{ startsAt: world.now() - 1000 }]));
    expect((await world.read(world.id)).countdown?.cause).toMatchObject({ kind: 'alert' });
    await world.drive(30);
    expect(await world.read(world.id)).toMatchObject({
      phase: 'rolled_back',
      abort: { cause: { kind: 'alert' } },
    });
    const question = await world.store.transact((tx) =>
      readFigures(tx, world.world.settings(), { days: 7 }),
    );
    expect(figuresOf(question)).toMatchObject({
      changeFailRate: { value: 1, n: 1 },
      caughtInCanary: { value: 1 },
      alertsLinked: { value: 1 },
    });
  });

  it('offers to pause, and presses back through the same rights as ever', async () => {
    const world = await underWay({ severities: {} });
    await world.fire(notice([{ startsAt: world.now() - 1000 }]));
    expect((await world.read(world.id)).phase).toBe('progressing');
    const id = (await onlyGroup(world)).id;
    const card = await world.surface(`alert:${id}:1:console:console:releases:in:${world.id}:card`);
    const pause = buttonsIn(card)['Pause shop v2'] ?? '';
    expect((await world.press(pause, 'grace')).refusal?.code).toBe('access.missing_role');
    expect((await world.press(pause, 'ada')).refusal).toBeNull();
    expect(await world.read(world.id)).toMatchObject({
      phase: 'paused',
      pause: { reason: 'operator', detail: 'alert HighErrorRate' },
    });
  });

  it('that is mere noise goes into the thread of the release, and gets its own when it stays', async () => {
    const world = await underWay();
    const warning = { alertname: 'PodRestarts', severity: 'warning', service: 'shop' };
    const startsAt = world.now() - 1000;
    await world.fire(notice([{ startsAt, labels: warning }], { title: 'PodRestarts' }));
    const group = await onlyGroup(world);
    expect(await world.card(group)).toBeNull();
    const within = `alert:${group.id}:1:console:console:releases:in:${world.id}:card`;
    expect(await world.surface(within)).toMatchObject({ title: 'PodRestarts: shop in production' });
    const parent = await world.store.transact((tx) => tx.surface(within));
    expect(parent?.parent).toBe(`rollout:${world.id}:console:console:releases:card`);
    expect((await world.read(world.id)).phase).toBe('progressing');
    await world.drive(170);
    expect((await world.read(world.id)).phase).toBe('succeeded');
    await world.tend();
    expect(await world.card(await onlyGroup(world))).toMatchObject({ tone: 'warning' });
    expect((await world.watch(world.id))?.troubles).toMatchObject([{ fails: false }]);
  });

  it('that gets worse leaves the thread of the release and stops it', async () => {
    const world = await underWay();
    const labels = { alertname: 'PodRestarts', severity: 'warning', service: 'shop' };
    const startsAt = world.now() - 1000;
    await world.fire(notice([{ startsAt, labels }]));
    await world.fire(
      notice([
        { startsAt, labels },
        { startsAt, fingerprint: 'f2', labels: { ...labels, severity: 'critical' } },
      ]),
    );
    const group = await onlyGroup(world);
    expect(await world.card(group)).toMatchObject({ tone: 'danger' });
    expect((await world.read(world.id)).phase).toBe('paused');
    expect((await world.watch(world.id))?.troubles).toMatchObject([{ fails: true }]);
  });
});

describe('what on-call says and hears', () => {
  it('clears a suspect: the figures follow', async () => {
    const world = await alarmed();
    await world.fire(notice([{ startsAt: world.startsAt }]));
    const rate = async () => {
      const question = await world.store.transact((tx) =>
        readFigures(tx, world.world.settings(), { days: 7 }),
      );
      return figuresOf(question).changeFailRate.value;
    };
    expect(await rate()).toBe(1);
    const group = await onlyGroup(world);
    const press = buttonsIn(await world.card(group))['Not related: shop v2'] ?? '';
    expect((await world.press(press, 'grace', 'I think so')).refusal?.code).toBe(
      'access.missing_role',
    );
    expect((await world.press(press, 'ada', 'the database failed over')).refusal).toBeNull();
    expect(await rate()).toBe(0);
    const card = await world.card(group);
    expect(buttonsIn(card)).toEqual({});
    expect(wordsIn(card)).toContain('the database failed over');
    expect((await world.watch(world.id))?.troubles).toMatchObject([
      { clearedBy: { person: 'ada' } },
    ]);
    expect((await world.press(press, 'ada')).refusal?.code).toBe('alert.not_suspected');
    // A repetition does not accuse it again.
    const more = { startsAt: world.startsAt, fingerprint: 'f2' };
    await world.fire(notice([{ startsAt: world.startsAt }, more]));
    expect(await rate()).toBe(0);
  });

  it('refuses an alert that there is not', async () => {
    const world = await alarmed();
    const said = await world.say(`not-related ${world.id} to grafana-0123456789abcdef`);
    expect(said.refusal?.code).toBe('alert.unknown');
  });

  it('is told who is on call, once, and why not when nobody can be asked', async () => {
    const world = await alarmed();
    let asked = 0;
    world.answerOnCall({
      who: async ({ service }) => {
        asked += 1;
        return { people: [`Linus of ${service}`], because: 'by PagerDuty' };
      },
    });
    await world.fire(notice([{ startsAt: world.startsAt }]));
    await world.tend();
    await world.tend();
    expect(asked).toBe(1);
    expect(wordsIn(await world.card(await onlyGroup(world)))).toContain('Linus of shop');
  });

  it('is told who is on call later, when nobody could be asked at first', async () => {
    const world = await alarmed();
    let people: readonly string[] = [];
    let asked = 0;
    world.answerOnCall({
      who: async () => {
        asked += 1;
        return { people, because: 'PagerDuty could not be asked: it answers 429' };
      },
    });
    await world.fire(notice([{ startsAt: world.startsAt }]));
    await world.tend();
    expect(wordsIn(await world.card(await onlyGroup(world)))).toContain('it answers 429');
    await world.tend();
    expect(asked).toBe(1);
    people = ['Linus'];
    world.pass(31);
    await world.tend();
    expect(wordsIn(await world.card(await onlyGroup(world)))).toContain('Linus');
    world.pass(31);
    await world.tend();
    expect(asked).toBe(2);
  });

  it('is told who is on call for an alert that the settings cannot place, too', async () => {
    const world = alertWorld();
    world.answerOnCall({ who: async () => ({ people: ['Linus'], because: '' }) });
    await world.fire(notice([{ startsAt: world.now() - 1000, labels: { alertname: 'X' } }]));
    await world.tend();
    expect(wordsIn(await world.card(await onlyGroup(world)))).toContain('Linus');
  });

  it('hears from alerts which ones fire', async () => {
    const world = await alarmed();
    expect((await world.say('alerts', 'grace')).view.summary).toBe('No alert fires.');
    await world.fire(notice([{ startsAt: world.startsAt }]));
    const said = await world.say('alerts shop in production', 'grace');
    expect(said.view.summary).toBe('1 alert fires.');
    expect(wordsIn(said.view)).toContain(`shop v2 (${world.id})`);
    expect((await world.say('alerts in staging', 'grace')).view.summary).toBe('No alert fires.');
  });

  it('sees an alert that nobody repeats taken for over', async () => {
    const world = await alarmed(undefined, { silence: '1h' });
    await world.fire(notice([{ startsAt: world.startsAt }]));
    world.pass(3000);
    await world.fire(notice([{ startsAt: world.startsAt }]));
    world.pass(3000);
    await world.tend();
    expect((await onlyGroup(world)).phase).toBe('firing');
    world.pass(700);
    await world.tend();
    expect(await onlyGroup(world)).toMatchObject({ phase: 'resolved', closedBecause: 'no_news' });
    expect((await world.watch(world.id))?.troubles[0]?.endsAt).not.toBeNull();
  });

  it('sees what the sender left out, and all of it end with the group', async () => {
    const world = await alarmed();
    const { startsAt } = world;
    const two = [{ startsAt }, { startsAt, fingerprint: 'f2' }];
    await world.fire(notice(two, { truncated: 12 }));
    expect(wordsIn(await world.card(await onlyGroup(world)))).toContain(
      '12 were left out by the sender.',
    );
    const over = { startsAt, status: 'resolved' as const, endsAt: world.now() };
    await world.fire(notice([over], { truncated: 13 }));
    expect((await onlyGroup(world)).phase).toBe('resolved');
  });
});
