import { expect, test } from 'vitest';
import { explainJudgement } from '#core/analysis/explain-view.ts';
import { explainMetric } from '#core/analysis/explained-metric.ts';
import { judge } from '#core/analysis/index.ts';
import { intervalPicture } from '#core/analysis/picture.ts';
import { chanceWords } from '#core/analysis/wording.ts';
import { decidingFirst } from '#core/analysis/worst-first.ts';
import { bad, errors, fine, input, steadyRatio, unfit, wiggle } from './measured.ts';

const latency = { name: 'latency', type: 'latency', unit: 'milliseconds', floor: { absolute: 5 } };

function judged(sides: typeof fine) {
  return judge(
    input(
      { source: 's', metrics: [errors, latency] },
      { errors: sides, latency: { stable: wiggle(100, 30), candidate: wiggle(104, 30, 1) } },
    ),
  );
}

test('harm is told with both sides, the sure part and the chance', () => {
  const { metrics, summary } = judged(bad);
  expect(metrics[0]?.explanation).toMatch(
    /^10 % \(2,400 requests\) on the candidate against 0\.5 % \(9,600 requests\) on stable: \+9\.5 points, ×20, surely \+[\d.]+ points or more; by chance less than 1 in a million over all looks\.$/,
  );
  expect(summary).toBe(`errors is worse. ${metrics[0]?.explanation}`);
});

test('no harm is told with what could not have been seen', () => {
  const { metrics, summary } = judged(fine);
  expect(metrics[0]?.explanation).toMatch(
    /no harm seen; this much data can only show \+\d+ % or more\.$/,
  );
  expect(metrics[1]?.explanation).toMatch(
    /any harm is smaller than the \+10 ms that would matter\.$/,
  );
  expect(summary).toBe('No harm found in 2 metrics so far.');
});

test('what cannot be compared says why', () => {
  const few = { stable: steadyRatio(0, 20, 3), candidate: steadyRatio(0, 5, 3) };
  expect(judged(few).summary).toBe(
    'errors: 0 % (15 requests) on the candidate against 0 % (60 requests) on stable: too few data to say anything (60 of at least 100 requests on stable).',
  );
  const gone = { stable: fine.stable, candidate: unfit('provider_error', 'connection refused') };
  expect(judged(gone).metrics[0]?.explanation).toBe(
    'Nothing was compared: no answer from the metrics source on the candidate (connection refused).',
  );
});

test('the picture shows intervals against no change and the floors', () => {
  const picture = intervalPicture(judged(fine));
  if (picture?.kind !== 'code') throw new Error('no picture');
  const lines = picture.text.split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^errors +[-<].*o.*[->] +±\d+ % +no harm seen$/);
  expect(lines[1]).toMatch(/^latency .*:.*\|.*o.*: .*±20 % +no worse$/);
  expect(new Set(lines.map((line) => line.indexOf('±'))).size).toBe(1);
});

test('nothing compared, nothing drawn', () => {
  expect(intervalPicture(judge(input({ source: 's', metrics: [errors] }, {})))).toBeNull();
});

test('the whole explanation is a table, a picture, the fine print and what happens next', () => {
  const blocks = explainJudgement(
    judged(bad),
    'Next: it is rolled back unless somebody stops that.',
  );
  expect(blocks.map(({ kind }) => kind)).toEqual(['text', 'table', 'code', 'note', 'note', 'text']);
  expect(blocks.at(-1)).toEqual({
    kind: 'text',
    line: ['Next: it is rolled back unless somebody stops that.'],
  });
  const [, table] = blocks;
  if (table?.kind !== 'table') throw new Error('no table');
  expect(table.rows[0]?.[2]).toEqual(['10 % (2,400)']);
  expect(JSON.stringify(table.rows[0]?.[3])).toMatch(
    /\+9\.5 points \(\+[\d.]+ points to \+[\d.]+ points\)/,
  );
});

test.each([
  [Math.log(48), 'at most 1 in 48'],
  [Math.log(4876), 'at most 1 in 4,800'],
  [Math.log(2e7), 'less than 1 in a million'],
])('evidence %d is %s', (evidence, words) => {
  expect(chanceWords(evidence)).toBe(words);
});

test('a metric is told in words and as a bar that holds what matters', () => {
  const [worse, same] = judged(bad).metrics.map(explainMetric);
  expect(worse).toMatchObject({
    stable: '0.5 % (9,600)',
    difference: '+9.5 points',
    critical: false,
  });
  expect(worse?.bar).toMatchObject({ bad: 'up', edge: 10, floor: 1 });
  expect(worse?.bar?.low).toBeGreaterThan(worse?.bar?.floor ?? 0);
  expect(same?.bar?.high).toBeLessThanOrEqual(same?.bar?.floor ?? 0);
  const [none] = judge(input({ source: 's', metrics: [errors] }, {})).metrics.map(explainMetric);
  expect(none).toMatchObject({ bar: null, stable: '–', interval: '–', seesFrom: '–' });
});

test('where stable is nought, the picture is in the unit of the metric itself', () => {
  const clean = { stable: steadyRatio(0, 400, 24), candidate: steadyRatio(10, 100, 24) };
  const { metrics } = judged(clean);
  const [worse] = metrics.map(explainMetric);
  expect(worse).toMatchObject({ verdict: 'worse', stable: expect.stringMatching(/^0 %/) });
  expect(worse?.bar).toMatchObject({ bad: 'up', estimate: 0.1, edge: 0.2, reach: '20 points' });
  expect(worse?.bar?.words).toMatch(/^[−+][\d.]+ points to \+[\d.]+ points, floor \+0\.5 points$/);
});

test('what decided is drawn first, and nothing moves before', () => {
  const sides = {
    errors: fine,
    latency: { stable: wiggle(100, 30), candidate: wiggle(190, 30, 1) },
  };
  const found = judge(input({ source: 's', metrics: [errors, latency] }, sides));
  expect(found.metrics.map(({ metric }) => metric)).toEqual(['errors', 'latency']);
  expect(decidingFirst(found).map(({ metric }) => metric)).toEqual(['latency', 'errors']);
  const calm = { ...found, action: 'go_on' } as const;
  expect(decidingFirst(calm).map(({ metric }) => metric)).toEqual(['errors', 'latency']);
  const picture = intervalPicture(found);
  const drawn = picture?.kind === 'code' ? (picture.intervals ?? []) : [];
  expect(drawn.map(({ label, word, tone }) => [label, word, tone])).toEqual([
    ['latency', 'worse', 'danger'],
    ['errors', 'no harm seen', 'neutral'],
  ]);
});
