import { expect, test } from 'vitest';
import { Analysis } from '#core/analysis/metric.ts';
import { spending } from '#core/analysis/spending.ts';

function spent(metrics: readonly object[], harm: Readonly<Record<string, number>> = {}) {
  const analysis = Analysis.parse({
    source: 's',
    alpha: 0.02,
    metrics: metrics.map((metric) => ({ type: 'ratio', ...metric })),
  });
  return Object.fromEntries(spending(analysis, new Map(Object.entries(harm))));
}

test('equal metrics share equally, heavy ones get more', () => {
  expect(spent([{ name: 'a' }, { name: 'b' }])).toEqual({ a: 0.01, b: 0.01 });
  expect(spent([{ name: 'a', weight: 3 }, { name: 'b' }])).toEqual({ a: 0.015, b: 0.005 });
});

test('a dry run takes nothing from the others', () => {
  expect(spent([{ name: 'a' }, { name: 'b', dryRun: true }])).toEqual({ a: 0.02, b: 0.01 });
});

test('what one metric shows frees its part for its group, and only for it', () => {
  const metrics = [
    { name: 'a' },
    { name: 'b' },
    { name: 'c', group: 'other' },
    { name: 'd', group: 'other' },
  ];
  expect(spent(metrics)).toEqual({ a: 0.005, b: 0.005, c: 0.005, d: 0.005 });
  expect(spent(metrics, { a: 10 })).toEqual({ a: 0.005, b: 0.01, c: 0.005, d: 0.005 });
});

test('where either direction is bad, twice the evidence is asked for', () => {
  const metrics = [{ name: 'a', bad: 'either' }, { name: 'b' }];
  const between = Math.log(1.5 / 0.01);
  expect(spent(metrics, { a: between })['b']).toBe(0.01);
  expect(spent(metrics, { b: between })['a']).toBe(0.02);
});
