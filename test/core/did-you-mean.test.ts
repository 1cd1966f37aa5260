import { expect, it } from 'vitest';
import { didYouMean } from '#core/did-you-mean.ts';

const names = ['production', 'staging', 'canary', 'canary-fast', 'shop', 'api'];

it.each([
  ['prodcution', 'production'],
  ['Production', 'production'],
  ['stagng', 'staging'],
  ['canray', 'canary'],
  ['prod', 'production'],
  ['sohp', 'shop'],
  ['ap', 'api'],
  ['canary-', 'canary-fast'],
  ['zebra', null],
  ['x', null],
  ['', null],
])('%s -> %s', (typed, meant) => {
  expect(didYouMean(typed, names)).toBe(meant);
});

it('suggests nothing out of nothing', () => {
  expect(didYouMean('shop', [])).toBeNull();
});

it('stays fast on hostile input', () => {
  expect(didYouMean('x'.repeat(1_000_000), names)).toBeNull();
});
