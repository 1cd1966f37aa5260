import { describe, expect, it } from 'vitest';
import type { ConditionQuestion } from '#ports/metrics-source.ts';
import { alertWorld, buttonsIn, notice, wordsIn } from './alert-world.ts';

/** Watches the settings' metric `bad-answers` of whatever runs in production. */
const analysed = {
  errors: { name: 'bad-answers', type: 'ratio', floor: { absolute: 0.05 } },
};

/** A world whose shop needs `api`; what is bad is told by `from`, as a time of the ledger. */
function measured(...args: Parameters<typeof alertWorld>) {
  const world = alertWorld(...args);
  const asked: ConditionQuestion[] = [];
  let condition: ((at: number) => boolean | null) | null = null;
  Object.assign(world.metrics.source, {
    condition: async (question: ConditionQuestion) => {
      asked.push(question);
      if (condition === null) return null;
      const points = [];
      for (let at = question.from; at <= question.to; at += question.stepSeconds * 1000) {
        const holds = condition(at);
        if (holds !== null) points.push({ at, holds });
      }
      return points;
    },
  });
  return {
    ...world,
    asked,
    holds: (next: (at: number) => boolean | null) => {
      condition = next;
    },
    group: async () => {
      const [group] = await world.groups();
      if (group === undefined) throw new Error('no group');
      return group;
    },
  };
}

async function trafficOf(world: ReturnType<typeof measured>, id: string): Promise<number> {
  const [suspect] = (await world.group()).suspects.filter(({ rollout }) => rollout === id);
  if (suspect === undefined) throw new Error(`${id} is no suspect`);
  return suspect.trafficAt;
}

describe('what rings, before the first traffic of its suspect,', () => {
  async function alarmed(badFrom: (trafficAt: number) => number | null) {
    const world = measured();
    const id = await world.live('v2');
    world.pass(120);
    await world.fire(notice([{ startsAt: world.now() - 10_000 }]));
    const trafficAt = await trafficOf(world, id);
    const from = badFrom(trafficAt);
    world.holds((at) => (from === null ? null : at >= from));
    await world.tend();
    const first = await world.group();
    return { ...world, id, trafficAt, first, words: wordsIn(await world.card(first)) };
  }

  it('was healthy: that is said, with the time of the turn, and ranks higher', async () => {
    const world = await alarmed((trafficAt) => trafficAt + 30_000);
    expect(world.first.suspects[0]?.health).toMatchObject({ before: 'healthy' });
    expect(world.words).toMatch(/healthy before it, bad 3\ds after \(by HighErrorRate in memory\)/);
    expect((await world.watch(world.id))?.troubles).toMatchObject([{ clearedBy: null }]);
    expect(world.asked[0]).toMatchObject({ alert: 'HighErrorRate', labels: { service: 'shop' } });
  });

  it('was bad already: the release is let go, and the figures follow', async () => {
    const world = await alarmed((trafficAt) => trafficAt - 300_000);
    expect(world.words).toContain('bad already 5m before it');
    expect(world.first.linked).toEqual([]);
    expect((await world.watch(world.id))?.troubles).toMatchObject([
      { clearedBy: { displayName: 'Signalbox' } },
    ]);
    const { id } = world.first;
    const freed = (await world.events(id)).indexOf('release.freed') + 1;
    const note = await world.surface(`alert:${id}:1:console:console:on-call:note:${freed}`);
    expect(note?.summary).toContain('bad 5m before its first traffic');
    // Neither a repetition nor another alert of the group accuses it again.
    const more = { startsAt: world.now() - 1000, fingerprint: 'f2' };
    await world.fire(notice([{ startsAt: world.now() - 10_000 }, more]));
    expect((await world.group()).linked).toEqual([]);
    // A person knows better than a machine.
    const said = await world.say(`related ${world.id} to ${id} because it made it worse`);
    expect(said.refusal).toBeNull();
    expect((await world.watch(world.id))?.troubles).toMatchObject([
      { clearedBy: null, fails: true },
    ]);
  });

  it('is unknown, and says so, where nothing was measured', async () => {
    const world = await alarmed(() => null);
    expect(world.first.suspects[0]?.health).toMatchObject({ before: 'unknown', turnedAt: null });
    expect(world.words).toContain('whether it was healthy before is unknown');
    expect((await world.group()).linked).toHaveLength(1);
    // What came late is asked for again, for some minutes.
    world.holds((at) => at > world.trafficAt + 10_000);
    world.pass(31);
    await world.tend();
    expect((await world.group()).suspects[0]?.health?.before).toBe('healthy');
    const before = world.asked.length;
    world.pass(31);
    await world.tend();
    expect(world.asked).toHaveLength(before);
  });
});

it('is measured by the metrics of the analysis where no source knows the alert', async () => {
  const world = measured((text) => {
    Object.assign(text.analyses.web ?? {}, { metrics: [analysed.errors] });
  });
  let badFrom = Number.POSITIVE_INFINITY;
  for (const side of ['stable', 'candidate']) {
    world.metrics.world.show('bad-answers', side, (at) => ({
      kind: 'ratio',
      at,
      bad: at > badFrom ? 40 : 1,
      total: 100,
    }));
  }
  const id = await world.live('v2');
  badFrom = world.now() + 20_000;
  world.pass(120);
  await world.fire(notice([{ startsAt: world.now() - 30_000 }]));
  await world.tend();
  const [suspect] = (await world.group()).suspects;
  expect(suspect).toMatchObject({ rollout: id, health: { before: 'healthy' } });
  expect(suspect?.health?.by).toBe('by bad-answers of shop');
  expect(Math.abs((suspect?.health?.turnedAt ?? 0) - badFrom)).toBeLessThan(5000);
});

describe('a countdown that an alert began', () => {
  it('is stopped when what rings was bad before the release', async () => {
    const world = measured(undefined, { severities: { critical: 'roll-back' } });
    const id = await world.released('v2');
    await world.drive(25);
    await world.fire(notice([{ startsAt: world.now() - 1000 }]));
    expect((await world.read(id)).countdown?.cause.kind).toBe('alert');
    const trafficAt = await trafficOf(world, id);
    world.holds((at) => at >= trafficAt - 60_000);
    await world.tend();
    expect(await world.read(id)).toMatchObject({
      phase: 'paused',
      countdown: null,
      pause: { reason: 'rollback_stopped' },
    });
    await world.drive(60);
    expect((await world.read(id)).phase).toBe('paused');
  });
});

describe('a release of what the alerting service needs', () => {
  /** `web` needs the shop, and rings. */
  function needing(alerts: object = {}) {
    return measured((text) => {
      Object.assign(text.services, {
        web: { ...text.services.shop, dependsOn: ['shop'] },
      });
    }, alerts);
  }
  const web = { alertname: 'HighErrorRate', severity: 'critical', service: 'web' };

  it('is only named, until it is measured to be the one: then it is held to account', async () => {
    const world = needing();
    const id = await world.live('v2');
    world.pass(60);
    await world.fire(notice([{ startsAt: world.now() - 1000, labels: web }]));
    expect((await world.group()).suspects).toMatchObject([{ rollout: id, distance: 1 }]);
    expect((await world.watch(id))?.troubles).toEqual([]);
    await world.tend();
    expect((await world.watch(id))?.troubles).toEqual([]);

    const trafficAt = await trafficOf(world, id);
    world.holds((at) => at > trafficAt + 20_000);
    world.pass(31);
    await world.tend();
    expect((await world.watch(id))?.troubles).toMatchObject([
      { name: 'HighErrorRate', fails: true },
    ]);
    const card = wordsIn(await world.card(await world.group()));
    expect(card).toContain('Held against it: healthy until shop changed');
    // Once.
    world.pass(31);
    await world.tend();
    const kinds = await world.events((await world.group()).id);
    expect(kinds.filter((kind) => kind === 'release.linked')).toHaveLength(1);
  });

  it('under way is paused at most, whatever the settings do to the service itself', async () => {
    const world = needing({ severities: { critical: 'roll-back' } });
    const id = await world.released('v2');
    await world.drive(25);
    await world.fire(notice([{ startsAt: world.now() - 1000, labels: web }]));
    expect((await world.read(id)).phase).toBe('progressing');
    const trafficAt = await trafficOf(world, id);
    world.holds((at) => at > trafficAt + 1000);
    await world.tend();
    expect(await world.read(id)).toMatchObject({
      phase: 'paused',
      countdown: null,
      pause: { reason: 'alert' },
    });
  });

  it('is not held to account after its window, but by a person, and let go by one', async () => {
    const world = needing({ lookback: '6h' });
    const id = await world.live('v2');
    world.pass(2400);
    await world.fire(notice([{ startsAt: world.now() - 1000, labels: web }]));
    const trafficAt = await trafficOf(world, id);
    world.holds((at) => at > trafficAt + 2_000_000);
    await world.tend();
    expect((await world.watch(id))?.troubles).toEqual([]);

    const group = await world.group();
    const cause = buttonsIn(await world.card(group))['Caused by shop v2'] ?? '';
    expect((await world.press(cause, 'grace', 'no')).refusal?.code).toBe('access.missing_role');
    expect((await world.press(cause, 'ada', 'it waits too long')).refusal).toBeNull();
    expect((await world.watch(id))?.troubles).toMatchObject([{ fails: true, clearedBy: null }]);
    expect((await world.press(cause, 'ada', 'again')).refusal?.code).toBe('alert.known_cause');
    const card = await world.card(await world.group());
    expect(wordsIn(card)).toContain('Held against it, says Ada: it waits too long.');
    expect(Object.keys(buttonsIn(card))).not.toContain('Caused by shop v2');
    const not = buttonsIn(card)['Not related: shop v2'] ?? '';
    expect((await world.press(not, 'ada', 'the other one')).refusal).toBeNull();
    expect((await world.watch(id))?.troubles).toMatchObject([{ clearedBy: { person: 'ada' } }]);
  });

  it('cannot be blamed for what began before it had traffic, nor for an alert that there is not', async () => {
    const world = needing();
    await world.fire(notice([{ startsAt: world.now() - 1000, labels: web }]));
    const id = await world.live('v2');
    const { id: group } = await world.group();
    const early = await world.say(`related ${id} to ${group}`);
    expect(early.refusal?.code).toBe('alert.came_first');
    const none = await world.say(`related ${id} to grafana-0123456789abcdef`);
    expect(none.refusal?.code).toBe('alert.unknown');
  });

  it('is blamed after the alert is over, too: the figures know how long it rang', async () => {
    const world = needing();
    const id = await world.live('v2');
    world.pass(60);
    const startsAt = world.now() - 1000;
    await world.fire(notice([{ startsAt, labels: web }]));
    const over = { startsAt, labels: web, status: 'resolved' as const, endsAt: world.now() };
    await world.fire(notice([over]));
    const { id: group, closedAt } = await world.group();
    expect((await world.say(`related ${id} to ${group}`)).refusal).toBeNull();
    expect((await world.watch(id))?.troubles).toMatchObject([{ fails: true, endsAt: closedAt }]);
  });
});
