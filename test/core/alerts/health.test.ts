import { describe, expect, it } from 'vitest';
import { healthBefore } from '#core/alerts/health.ts';
import { pointsOf, thresholdOf } from '#core/alerts/turn-of-metric.ts';
import { Metric } from '#core/analysis/metric.ts';
import type { Sample } from '#core/analysis/reading.ts';

const step = 10_000;
const traffic = 1_000_000;

/** One letter each ten seconds, the last at the first traffic of `:`; x is bad, `-` a gap. */
function course(text: string) {
  const origin = text.indexOf(':');
  return [...text.replace(':', '')].flatMap((letter, index) =>
    letter === '-' ? [] : [{ at: traffic + (index + 1 - origin) * step, bad: letter === 'x' }],
  );
}

function judge(text: string, startsAfter: number) {
  return healthBefore(course(text), {
    trafficAt: traffic,
    startsAt: traffic + startsAfter * step,
    stepMs: step,
    by: 'a test',
  });
}

describe('what an alert watches was, before the first traffic,', () => {
  it.each([
    ['.......:...xxxx', 6, 'healthy', 4],
    ['.......:xxxxx', 4, 'healthy', 1],
    ['.......:...x.xxx', 6, 'healthy', 4],
    ['.......:.x..xxxx', 7, 'healthy', 5],
    ['.......:.xx-xxxx', 7, 'healthy', 2],
    ['.......:.xx---xxx', 8, 'healthy', 7],
    ['....xxx:xxxxx', 4, 'unhealthy', -2],
    ['xxxxxxx:xxxxx', 4, 'unhealthy', -6],
    ['x.x..x.:..xxx', 4, 'unhealthy', 3],
    ['-----..:..xxx', 4, 'unknown', 3],
    ['-------:xxxxx', 4, 'unknown', 1],
    ['.......:.....', 4, 'unknown', null],
    ['xx.....:.....', 4, 'unknown', null],
    ['-------:-----', 4, 'unknown', null],
  ] as const)('%s (it rang %i steps after): %s', (text, starts, before, turned) => {
    const found = judge(text, starts);
    expect(found.before).toBe(before);
    expect(found.turnedAt).toBe(turned === null ? null : traffic + turned * step);
  });
});

describe('a metric shows what rings', () => {
  const samples = (values: readonly number[], from: number): readonly Sample[] =>
    values.map((value, index) => ({ kind: 'value', at: from + (index + 1) * step, value }));
  const metric = (over: object = {}) =>
    Metric.parse({ name: 'p95', type: 'latency', floor: { relative: 0.2, absolute: 5 }, ...over });
  const quiet = [100, 104, 98, 101, 99, 103];

  it.each([
    ['that it rose', {}, quiet, [100, 200, 210, 205, 207], 3],
    ['not when it stayed within the floors', {}, quiet, [101, 110, 112, 111], null],
    ['not when that was usual before', {}, [100, 300, 100, 300, 310], [250, 255, 260], null],
    ['not in the good direction', { bad: 'down' }, quiet, [100, 200, 210, 205], null],
    ['that it fell, where that is bad', { bad: 'down' }, quiet, [100, 20, 21, 22], 3],
    ['either way', { bad: 'either' }, quiet, [100, 20, 21, 22], 3],
    ['not from too few values', {}, quiet, [200, 210], null],
    ['beyond its limit, whatever it was', { limit: 150 }, [200, 210, 205], [200, 200, 200], 6],
  ] as const)('%s', (_, over, before, after, bad) => {
    const of = {
      before: samples(before, traffic - before.length * step),
      after: samples(after, traffic),
    };
    const threshold = thresholdOf(metric(over), of, traffic + 2 * step);
    if (bad === null) return expect(threshold).toBeNull();
    if (threshold === null) throw new Error('it shows nothing');
    const points = pointsOf(metric(over), of, threshold);
    expect(points.filter((point) => point.bad).length).toBeGreaterThanOrEqual(bad);
    expect(points).toHaveLength(before.length + after.length);
  });

  it('and is bad where it is on any target; what had no requests says nothing', () => {
    const ratio = (at: number, bad: number, total: number): Sample => ({
      kind: 'ratio',
      at,
      bad,
      total,
    });
    const of = {
      before: [ratio(1, 0, 10), ratio(1, 9, 10)],
      after: [ratio(2, 0, 10), ratio(3, 0, 0)],
    };
    const errors = Metric.parse({ name: 'errors', type: 'ratio', limit: 0.5 });
    expect(pointsOf(errors, of, { value: 0.5, down: false })).toEqual([
      { at: 1, bad: true },
      { at: 2, bad: false },
    ]);
  });
});
