import { expect, it } from 'vitest';
import { asCondition } from '#adapters/prometheus/as-condition.ts';

it.each([
  ['up == 0', 'up == bool  0'],
  ['rate(x[5m]) > 0.1', 'rate(x[5m]) > bool  0.1'],
  ['(a / b >= 0.1)', 'a / b >= bool  0.1'],
  ['(a) / (b) > 0.1', '(a) / (b) > bool  0.1'],
  ['a{b!="x",c=~"y>z"} != 3', 'a{b!="x",c=~"y>z"} != bool  3'],
  ['a > on(x) group_left b', 'a > bool  on(x) group_left b'],
  ['sum(a > 3) < 2', 'sum(a > 3) < bool  2'],
  ['a # more > less\n<= 4', 'a # more > less\n<= bool  4'],
  ['brand:and_all > 1', 'brand:and_all > bool  1'],
])('%j tells 0 and 1', (promql, expected) => {
  expect(asCondition(promql)?.replaceAll('bool ', 'bool  ').replaceAll(/ {3,}/g, '  ')).toBe(
    expected,
  );
});

it.each(['absent(up)', 'a > 1 and b > 2', 'a > bool 1', '1 < a < 2', 'a unless b', '"x > y"', ''])(
  '%j is no single comparison',
  (promql) => {
    expect(asCondition(promql)).toBeNull();
  },
);
