import { describe, expect, it } from 'vitest';
import { memoryArtifact } from '#adapters/memory/artifact-registry.ts';
import { readPlace } from '#app/change-place.ts';
import { replayRollout } from '#app/judge/replay.ts';
import { readRolloutEvent } from '#app/rollout/trust-boundary.ts';
import { fold } from '#core/rollout/evolve.ts';
import { memoryWorld, person } from './memory-world.ts';

const production = { target: 'shop-production', service: 'shop', environment: 'production' };

async function requested(
  world: ReturnType<typeof memoryWorld>,
  ...args: Parameters<ReturnType<typeof memoryWorld>['deploy']>
) {
  const result = await world.deploy(...args);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value.id;
}

describe('a release from request to end', () => {
  it('waits for approval, goes out as a canary, and is promoted', async () => {
    const world = memoryWorld();
    const id = await requested(world, 'v2');
    await world.drive(5);
    const waiting = await world.read(id);
    expect(waiting.phase).toBe('waiting');
    expect(waiting.gates?.outcomes.find(({ gate }) => gate === 'approval')?.verdict).toBe('hold');

    expect((await world.approve(id)).ok).toBe(true);
    await world.drive(20);
    expect((await world.read(id)).weights).toEqual({ 'shop-production': 20 });
    await world.drive(150);
    const done = await world.read(id);
    expect(done.phase).toBe('succeeded');
    const status = await world.target.target.inspect(production);
    expect(status.stable?.artifact.version).toBe('v2');
    expect(status.candidate).toBeNull();
    const place = await world.store.transact((tx) => readPlace(tx, 'shop', 'production'));
    expect(place.settled[0]?.artifact.version).toBe('v2');
    expect(world.problems).toEqual([]);
  });

  it('says beforehand what would be seen when, at the traffic of now', async () => {
    const world = memoryWorld();
    const id = await requested(world, 'v2');
    await world.drive(5);
    const { plan } = await world.read(id);
    const seen = plan?.detection?.map(({ risePercent, seconds }) => [risePercent, seconds]);
    expect(seen?.map(([rise]) => rise)).toEqual([10, 50, 100]);
    // No errors at all in 500 requests: even twice as many would not show.
    expect(plan?.detectSeconds).toBeNull();
    world.metrics.world.show('errors', 'stable', (at) => ({
      kind: 'ratio',
      at,
      bad: 3,
      total: 50,
    }));
    const busy = await requested(world, 'v3');
    await world.drive(5);
    const told = (await world.read(busy)).plan;
    expect(told?.detectSeconds).toBeGreaterThan(0);
    expect(told?.detectSeconds).toBeLessThan(120);
  });

  it('is held against a fresh copy of stable where the analysis asks for one', async () => {
    const world = memoryWorld(({ analyses }) => ({
      ...analyses,
      web: Object.assign(analyses.web, { baseline: 'fresh' }),
    }));
    const id = await requested(world, 'v2');
    await world.drive(2);
    await world.approve(id);
    await world.drive(60);
    const status = await world.target.target.inspect(production);
    expect(status.baseline).toMatchObject({ artifact: { version: 'v1' }, wanted: 1, ready: 1 });
    const asked = new Set(world.metrics.world.asked.map(({ side }) => side));
    // Stable itself only before the release, for what to expect of it.
    expect([...asked].toSorted()).toEqual(['baseline', 'candidate', 'stable']);
    const held = world.metrics.world.asked.findLast(({ side }) => side !== 'candidate');
    expect(held?.side).toBe('baseline');
    await world.drive(120);
    expect((await world.read(id)).phase).toBe('succeeded');
    expect(await world.target.target.inspect(production)).toMatchObject({ baseline: null });
  });

  it('catches a bad release, counts down, goes back, locks the place and holds the version', async () => {
    const world = memoryWorld();
    const id = await requested(world, 'v3');
    await world.drive(2);
    await world.approve(id);
    let sawCountdown = false;
    for (let at = 0; at < 120; at += 1) {
      await world.drive(1);
      const state = await world.read(id);
      sawCountdown ||= state.countdown !== null;
      if (state.phase === 'rolled_back') break;
    }
    const back = await world.read(id);
    expect(sawCountdown).toBe(true);
    expect(back.phase).toBe('rolled_back');
    expect(back.abort?.cause.kind).toBe('verdict');
    const status = await world.target.target.inspect(production);
    expect(status).toMatchObject({ weight: 0, candidate: null });
    expect(status.stable?.artifact.version).toBe('v1');
    const place = await world.store.transact((tx) => readPlace(tx, 'shop', 'production'));
    expect(place.lock?.reason).toContain('v3 was rolled back by shop-1');
    expect(place.holds.map(({ artifact }) => artifact.version)).toEqual(['v3']);
    expect(world.problems).toEqual([]);
  });

  it('stops the announced rollback when a person says so, and pauses', async () => {
    const world = memoryWorld();
    const id = await requested(world, 'v3');
    await world.drive(2);
    await world.approve(id);
    for (let at = 0; at < 60 && (await world.read(id)).countdown === null; at += 1)
      await world.drive(1);
    const stopped = await world.store.transact((tx) =>
      world.rollouts.change(tx, id, {
        kind: 'stop-rollback',
        by: person('grace'),
        reason: 'look first',
      }),
    );
    expect(stopped.ok).toBe(true);
    await world.drive(30);
    const state = await world.read(id);
    expect(state).toMatchObject({ phase: 'paused', pause: { reason: 'rollback_stopped' } });
    expect(state.weights).toEqual({ 'shop-production': 20 });
  });

  it('queues a second release behind the first, and lets it go when the place is free', async () => {
    const world = memoryWorld();
    const first = await requested(world, 'v2', { environment: 'staging' });
    await world.drive(0.5);
    const second = await requested(world, 'v3', { environment: 'staging' });
    await world.drive(0.5);
    expect((await world.read(second)).queue).toEqual({ behind: first, position: 1 });
    await world.drive(60);
    expect((await world.read(first)).phase).toBe('succeeded');
    expect((await world.read(second)).phase).toBe('succeeded');
  });

  it('takes the place over with steal; the loser goes back and says for whom', async () => {
    const world = memoryWorld();
    const first = await requested(world, 'v2');
    await world.drive(2);
    await world.approve(first);
    await world.drive(10);
    const second = await requested(world, 'v3', { steal: true, by: 'bob' });
    await world.drive(15);
    const lost = await world.read(first);
    expect(lost.phase).toBe('rolled_back');
    expect(lost.abort?.cause).toEqual({
      kind: 'taken_over',
      detail: `bob took over with ${second}`,
    });
    expect(lost.exposed).toBe(true);
    // Nothing was wrong with the loser: it is not held, and no lock stands in the winner's way.
    const won = (await world.read(second)).gates?.outcomes.map(({ gate, verdict }) => [
      gate,
      verdict,
    ]);
    expect(won).toContainEqual(['lock', 'pass']);
    await world.approve(second);
    await world.drive(5);
    expect((await world.read(second)).phase).toBe('progressing');
  });

  it('does not count an approval whose giver lost the role before the effect', async () => {
    const world = memoryWorld();
    const id = await requested(world, 'v2');
    await world.drive(2);
    await world.approve(id);
    world.rights.set('grace', []);
    await world.drive(15);
    const state = await world.read(id);
    expect(state.phase).toBe('waiting');
    expect(world.target.world.effects(production)).toEqual([]);
  });

  it('pauses under way when an approver loses the role, and goes on when another approves', async () => {
    const world = memoryWorld();
    const id = await requested(world, 'v2');
    await world.drive(2);
    await world.approve(id);
    await world.drive(20);
    world.rights.set('grace', []);
    await world.drive(60);
    expect(await world.read(id)).toMatchObject({
      phase: 'paused',
      pause: { reason: 'gate' },
      weights: { 'shop-production': 20 },
    });
    await world.approve(id, 'linus');
    await world.drive(150);
    expect((await world.read(id)).phase).toBe('succeeded');
  });

  it('voids approvals when the policy changes before the start', async () => {
    const world = memoryWorld();
    const id = await requested(world, 'v2');
    await world.drive(2);
    const before = await world.read(id);
    world.rights.set('grace', []);
    await world.approve(id);
    world.rights.set('grace', ['approver']);
    world.reconfigure((text) => {
      const gate = text.environments.production.gates[0];
      if (gate !== undefined) gate.options.quorum = 2;
    });
    await world.drive(15);
    const after = await world.read(id);
    expect(after.planHash).not.toBe(before.planHash);
    expect(after.phase).toBe('waiting');
    expect(await world.approve(id, 'linus', before.planHash)).toMatchObject({
      ok: false,
      refusal: { code: 'plan.superseded' },
    });
  });

  it('never rolls back for an outage of the metrics: it pauses', async () => {
    const world = memoryWorld();
    const id = await requested(world, 'v2');
    await world.drive(2);
    await world.approve(id);
    await world.drive(10);
    world.metrics.world.answer('provider_error');
    await world.drive(90);
    const state = await world.read(id);
    expect(state).toMatchObject({ phase: 'paused', pause: { reason: 'provider_down' } });
    expect(state.weights).toEqual({ 'shop-production': 20 });
  });

  it('pauses with drift when the target is not the one that was planned for', async () => {
    const world = memoryWorld();
    const id = await requested(world, 'v2');
    await world.drive(2);
    await world.approve(id);
    world.target.world.changeIdentity(production);
    await world.drive(15);
    expect(await world.read(id)).toMatchObject({ phase: 'paused', pause: { reason: 'drift' } });
    expect(world.target.world.effects(production)).toEqual([]);
  });

  it('pauses with drift while a stage bakes or is judged, long before the next step', async () => {
    for (const watched of [true, false]) {
      const world = memoryWorld((text) => {
        if (!watched) Reflect.deleteProperty(text.environments.production, 'analysis');
        text.analyses.web.every = 55;
        text.strategies.careful.options.stages = [{ weight: 20, for: 300 }];
      });
      const id = await requested(world, 'v2');
      await world.drive(2);
      await world.approve(id);
      await world.drive(60);
      const before = await world.read(id);
      const kind = before.plan?.steps[before.step]?.kind;
      expect(kind).toBe(watched ? 'analyse' : 'bake');
      world.target.world.drift(production, 'Somebody set the image by hand.');
      await world.drive(20);
      expect(await world.read(id)).toMatchObject({
        phase: 'paused',
        pause: { reason: 'drift', detail: 'Somebody set the image by hand.' },
        step: before.step,
        weights: { 'shop-production': 20 },
      });
    }
  });

  /** Two targets in one wave; what the candidate shows at the second depends on the share it has. */
  function twoTargets(badAt: (weight: number) => number, stages = [{ weight: 20, for: 60 }]) {
    const world = memoryWorld((text) => {
      Object.assign(text.targets, { 'shop-second': { adapter: 'memory' } });
      text.services.shop.environments.production.waves = [['shop-production', 'shop-second']];
      text.strategies.careful.options.stages = stages;
    });
    let weight = 0;
    const share = async (): Promise<void> => {
      weight = (await world.target.target.inspect({ ...production, target: 'shop-second' })).weight;
    };
    for (const side of ['stable', 'candidate'] as const) {
      world.metrics.world.show('errors', side, (at, { target }) => {
        const harmed = side === 'candidate' && target.target === 'shop-second';
        return { kind: 'ratio', at, bad: harmed ? badAt(weight) : 0, total: 50 };
      });
    }
    return { world, share };
  }

  it('judges the targets of a wave together: harm at one takes both back, and is named', async () => {
    const { world } = twoTargets(() => 6);
    const id = await requested(world, 'v2');
    await world.drive(2);
    await world.approve(id);
    await world.drive(90);
    const state = await world.read(id);
    expect(state.plan?.steps.map(({ kind }) => kind)).toEqual([
      ...['prepare', 'prepare', 'shift', 'shift', 'analyse'],
      ...['promote', 'promote', 'retire', 'retire'],
    ]);
    expect(state.phase).toBe('rolled_back');
    expect(state.abort?.cause.detail).toMatch(/^shop-second: errors is worse/);
    expect(state.abort?.done.map(({ target }) => target)).toEqual(
      expect.arrayContaining(['shop-production', 'shop-second']),
    );
    const replayed = await replayRollout(world.world, { rollout: id, set: [] });
    if (!replayed.ok) throw new Error(replayed.refusal.message);
    expect(replayed.value.looks.map(({ after }) => after)).toEqual(
      state.looks.map(({ judgement }) => judgement),
    );
  });

  it('under all of the traffic the candidate is held against what stable showed before', async () => {
    const { world, share } = twoTargets(
      (weight) => (weight === 100 ? 6 : 0),
      [
        { weight: 20, for: 60 },
        { weight: 100, for: 60 },
      ],
    );
    const asked: number[] = [];
    let switchedAt = Number.POSITIVE_INFINITY;
    const id = await requested(world, 'v2');
    await world.drive(2);
    await world.approve(id);
    // Nothing serves beside the candidate any more.
    world.metrics.world.show('errors', 'stable', (at, { from }) => {
      asked.push(from);
      return { kind: 'ratio', at, bad: 0, total: at > switchedAt ? 0 : 50 };
    });
    for (let second = 0; second < 150; second += 1) {
      await world.drive(1);
      await share();
      const shifted = (await world.read(id)).weights['shop-second'] === 100;
      if (shifted && switchedAt === Number.POSITIVE_INFINITY) switchedAt = world.now();
    }
    const state = await world.read(id);
    expect(state.plan?.lint.join(' ')).toContain('just before the switch');
    expect(state.abort?.cause).toMatchObject({ kind: 'verdict' });
    expect(state.abort?.cause.detail).toMatch(/^shop-second: errors is worse/);
    expect(Math.min(...asked)).toBeLessThan(state.startedAt ?? 0);
  });

  it('rolls a finished release back the fast way, past approval and freeze', async () => {
    const world = memoryWorld();
    const id = await requested(world, 'v2');
    await world.drive(2);
    await world.approve(id);
    await world.drive(170);
    expect((await world.read(id)).phase).toBe('succeeded');
    const before = await world.store.transact((tx) =>
      world.rollouts.before(tx, 'shop', 'production'),
    );
    expect(before?.version).toBe('v1');
    const back = await requested(world, 'v1', { intent: 'rollback' });
    await world.drive(20);
    expect((await world.read(back)).phase).toBe('succeeded');
    const status = await world.target.target.inspect(production);
    expect(status.stable?.artifact).toEqual(memoryArtifact('shop', 'v1'));
    const place = await world.store.transact((tx) => readPlace(tx, 'shop', 'production'));
    expect(place.holds.map(({ artifact }) => artifact.version)).toEqual(['v2']);
  });

  it('asks for no wake while only a person can move it', async () => {
    const world = memoryWorld();
    const id = await requested(world, 'v2');
    await world.drive(2);
    await world.store.transact((tx) =>
      world.rollouts.change(tx, id, { kind: 'pause', by: person('grace'), reason: 'lunch' }),
    );
    await world.drive(1);
    world.wakes.length = 0;
    await world.drive(5);
    expect(world.wakes).toEqual([]);
  });

  it('stores exactly the fold of its events', async () => {
    const world = memoryWorld();
    const id = await requested(world, 'v3');
    await world.drive(2);
    await world.approve(id);
    await world.drive(90);
    const events = await world.store.transact((tx) => tx.events({ stream: `rollout:${id}` }));
    const folded = fold(
      events.map(({ at, actor, body }) => ({ at, actor, event: readRolloutEvent(body) })),
    );
    expect(folded).toEqual(await world.read(id));
  });
});
