import { describe, expect, test } from 'vitest';
import { judge } from '#core/analysis/index.ts';
import type { JudgeInput } from '#core/analysis/judge.ts';
import { seeded } from '#core/analysis/seeded.ts';
import { judgeTogether } from '#core/analysis/together.ts';
import { errors, input, ratios, steadyRatio, unfit } from './measured.ts';

const analysis = { source: 's', metrics: [errors] };
type Sides = Parameters<typeof input>[1][string];

function at(target: string, sides: Sides, more: Partial<JudgeInput> = {}, settings: object = {}) {
  return { target, input: input({ ...analysis, ...settings }, { errors: sides }, more) };
}

/** Bad ones on the candidate out of 2,400; stable has 48 of 9,600. */
function withErrors(each: number): Sides {
  return { stable: steadyRatio(4, 800, 12), candidate: steadyRatio(each, 200, 12) };
}
const fine = withErrors(1);
const slight = withErrors(2.1);
const awful = withErrors(20);

describe('targets that are judged together', () => {
  test('one alone is judged as it always was', () => {
    const one = at('eu', slight);
    expect(judgeTogether(judge, [one])).toEqual(judge(one.input));
  });

  test.each([
    { name: 'all sound', us: fine, last: false, action: 'go_on', phase: 'running' },
    { name: 'all sound at the end', us: fine, last: true, action: 'go_on', phase: 'successful' },
    { name: 'one worse', us: awful, last: false, action: 'roll_back', phase: 'failed' },
    {
      name: 'one without data at the end',
      us: { stable: unfit('no_series'), candidate: unfit('no_series') },
      last: true,
      action: 'pause',
      phase: 'inconclusive',
    },
    {
      name: 'one with more than one series',
      us: { stable: unfit('ambiguous_series'), candidate: unfit('ambiguous_series') },
      last: false,
      action: 'pause',
      phase: 'error',
    },
  ])('the worst decides: $name', ({ us, last, action, phase }) => {
    const found = judgeTogether(judge, [at('eu', fine, { last }), at('us', us, { last })]);
    expect(found).toMatchObject({ action, phase });
    expect(found.metrics.map(({ metric, of }) => [metric, of])).toEqual([
      ['errors', ['eu']],
      ['errors', ['us']],
    ]);
    expect(found.summary).toMatch(us === fine ? /^eu, us: / : /^us: /);
  });

  test('a hard limit at one of them ends it at once', () => {
    const limited = { metrics: [{ ...errors, limit: 0.02 }] };
    const found = judgeTogether(judge, [at('eu', fine, {}, limited), at('us', awful, {}, limited)]);
    expect(found.action).toBe('abort_now');
  });

  test('harm that none shows alone and all show together turns it back, with its numbers', () => {
    const sides = ['eu', 'us', 'asia'].map((target) => at(target, slight));
    for (const { input: alone } of sides) expect(judge(alone).action).toBe('go_on');
    const found = judgeTogether(judge, sides);
    expect(found).toMatchObject({ action: 'roll_back', phase: 'failed' });
    expect(found.metrics[0]).toMatchObject({
      metric: 'errors',
      of: ['eu', 'us', 'asia'],
      verdict: 'worse',
      candidate: { requests: 7200 },
    });
    expect(found.summary).toMatch(/all taken together.*1.05 % .*against 0.5 %/);
  });

  test('nothing is pooled where another profile or a score decides', () => {
    for (const settings of [{ profile: 'argo' }, { score: { pass: 90, marginal: 10 } }]) {
      const sides = ['eu', 'us', 'asia'].map((target) => at(target, slight, {}, settings));
      const pooled = judgeTogether(judge, sides).metrics.filter(({ of }) => (of ?? []).length > 1);
      expect(pooled).toEqual([]);
    }
  });

  test('shares that differ between targets are no harm: samples are not thrown together', () => {
    // One has many errors on both sides and nearly all of its traffic on the candidate.
    const calm = { stable: steadyRatio(2, 1900, 12), candidate: steadyRatio(0.1, 100, 12) };
    const rough = { stable: steadyRatio(10, 100, 12), candidate: steadyRatio(190, 1900, 12) };
    const sum = { stable: steadyRatio(12, 2000, 12), candidate: steadyRatio(190.1, 2000, 12) };
    expect(judge(at('all', sum).input).action).toBe('roll_back');
    expect(judgeTogether(judge, [at('eu', calm), at('us', rough)]).action).toBe('go_on');
  });

  test('what all of them spend counts against the one cap', () => {
    const spend = { metric: 'errors', target: 0.999, period: 600, cap: 0.5 };
    const exposure = { weight: 0.25, spentBefore: 0.05 };
    const sides = ['eu', 'us'].map((target) => at(target, slight, { exposure }, { spend }));
    const [one] = sides;
    const alone = one === undefined ? undefined : judge(one.input);
    expect(alone).toMatchObject({ action: 'go_on' });
    const own = (alone?.spent ?? 0) - 0.05;
    expect(0.05 + own).toBeLessThan(spend.cap);
    const found = judgeTogether(judge, sides);
    expect(found.spent).toBeCloseTo(0.05 + 2 * own, 10);
    expect(found.action).toBe('abort_now');
  });

  test('keeps its promise over all targets, looks and the pool: false alarms are at most alpha', () => {
    const alpha = 0.2;
    const runs = 80;
    let alarms = 0;
    for (let seed = 1; seed <= runs; seed++) {
      const random = seeded(seed);
      const side = (requests: number) =>
        Array.from({ length: 16 }, () => {
          const total = random.poisson(requests);
          return [random.binomial(total, 0.01), total] as const;
        });
      const targets = ['eu', 'us', 'asia'].map((target) => ({
        target,
        stable: side(400),
        candidate: side(100),
      }));
      const isAlarm = [4, 7, 10, 13, 16].some((seen) => {
        const sides = targets.map(({ target, stable, candidate }) =>
          at(
            target,
            { stable: ratios(stable.slice(0, seen)), candidate: ratios(candidate.slice(0, seen)) },
            { looksBefore: seen - 1 },
            { alpha, metrics: [{ ...errors, floor: { absolute: 0, relative: 0.05 } }] },
          ),
        );
        return judgeTogether(judge, sides).phase === 'failed';
      });
      if (isAlarm) alarms += 1;
    }
    expect(alarms / runs).toBeLessThanOrEqual(alpha);
  });
});
