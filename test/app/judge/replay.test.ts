import { beforeAll, describe, expect, it } from 'vitest';
import { backtest } from '#app/judge/backtest.ts';
import { calibrate } from '#app/judge/calibrate.ts';
import { replayRollout } from '#app/judge/replay.ts';
import { createStandingCalibration } from '#app/judge/standing-calibration.ts';
import { memoryWorld } from '../memory-world.ts';

describe('releases judged again from what was stored', () => {
  const world = memoryWorld();
  const { store } = world.world;
  let good = '';
  let turnedBack = '';

  beforeAll(async () => {
    good = await release('v2');
    turnedBack = await release('v3');
  });

  async function release(version: string): Promise<string> {
    const asked = await world.deploy(version);
    if (!asked.ok) throw new Error(asked.refusal.message);
    await world.drive(2);
    await world.approve(asked.value.id);
    await world.drive(200);
    return asked.value.id;
  }

  it('gives the judgements that were recorded', async () => {
    for (const id of [good, turnedBack]) {
      const state = await world.read(id);
      const again = await replayRollout({ store }, { rollout: id, set: [] });
      if (!again.ok) throw new Error(again.refusal.message);
      const recorded = state.looks.map(({ judgement }) => judgement);
      expect(recorded.length).toBeGreaterThan(0);
      const { looks, before, after } = again.value;
      expect(looks.map((look) => look.before)).toEqual(expect.arrayContaining(recorded));
      expect(before).toEqual(after);
      expect(before.kind).toBe(id === good ? 'passed' : 'turned_back');
    }
  });

  it('publishes how often there would be false alarms, service by service', async () => {
    const gauges: [string, number, object][] = [];
    const telemetry = {
      ...world.world.telemetry,
      gauge: (name: string, value: number, labels = {}) => void gauges.push([name, value, labels]),
    };
    const measure = createStandingCalibration({ ...world.world, telemetry });
    await measure();
    const labels = { service: 'shop', method: 'exchanged' };
    expect(gauges).toContainEqual(['judge_false_alarms', expect.any(Number), labels]);
    const [, most = 1] = gauges.find(([name]) => name === 'judge_false_alarms_at_most') ?? [];
    expect(most).toBeLessThan(0.2);
    const found = gauges.length;
    await measure();
    expect(gauges).toHaveLength(found);
  });

  it('tells what another floor would have made of it', async () => {
    const again = await replayRollout(
      { store },
      { rollout: turnedBack, set: ['errors.floor.absolute=0.5', 'alpha=0.01'] },
    );
    expect(again).toMatchObject({
      ok: true,
      value: { before: { kind: 'turned_back' }, after: { kind: 'passed' } },
    });
  });

  it('does so for the last releases of a service', async () => {
    const tested = await backtest(
      { store },
      { service: 'shop', last: 10, set: ['floor.absolute=0.5'] },
    );
    if (!tested.ok) throw new Error(tested.refusal.message);
    expect(tested.value.changed).toBe(1);
    expect(tested.value.releases.map(({ rollout, after }) => [rollout, after.kind])).toEqual([
      [turnedBack, 'passed'],
      [good, 'passed'],
    ]);
  });

  it('refuses what cannot be set, and what was never judged', async () => {
    const refused = async (set: string[], rollout = good) => {
      const answer = await replayRollout({ store }, { rollout, set });
      return answer.ok ? null : answer.refusal.code;
    };
    expect(await refused(['floor.relative'])).toBe('judge.bad_setting');
    expect(await refused(['floor.relative=a lot'])).toBe('judge.bad_setting');
    expect(await refused(['no.such=1'])).toBe('judge.bad_setting');
    expect(await refused([], 'shop-99')).toBe('judge.no_samples');
    expect(await backtest({ store }, { service: 'nobody', last: 5, set: [] })).toMatchObject({
      ok: false,
    });
  });

  it('measures false alarms where sides are exchanged', async () => {
    const measured = await calibrate({ store }, { service: 'shop', last: 10 });
    if (!measured.ok) throw new Error(measured.refusal.message);
    const { exchanged, trueRuns, releases } = measured.value;
    expect(releases).toBe(2);
    expect(trueRuns.trials).toBe(0);
    expect(exchanged.trials).toBeGreaterThanOrEqual(20);
    expect(exchanged.falseAlarms).toBe(0);
    expect(exchanged.atMost).toBeLessThan(0.15);
    expect(exchanged.promised).toBe(0.02);
  });
});
