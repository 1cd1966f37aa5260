import { describe, expect, it } from 'vitest';
import { timeTicks, valueTicks } from '#adapters/charts/nice-ticks.ts';

describe('ticks of a value axis', () => {
  it.each([
    [0, 5.3, 1000, 2, 6],
    [0, 0.042, 1000, 0.02, 0.06],
    [0, 214, 1000, 100, 300],
    [0, 1, 1000, 0.25, 1],
    [0, 12_345, 1000, 5000, 15_000],
    [0, 0, 1000, 1, 1],
    [0, 330 * 1024 ** 2, 1024, 100 * 1024 ** 2, 400 * 1024 ** 2],
    [0, 900, 1024, 250, 1000],
  ] as const)('%d to %d in base %d: steps of %d to %d', (low, high, base, step, max) => {
    const ticks = valueTicks(low, high, 4, base);
    expect(ticks.step).toBeCloseTo(step, 9);
    expect(ticks.max).toBeCloseTo(max, 9);
  });
});

describe('ticks of a time axis', () => {
  it.each([
    [60_000, 15_000],
    [285_000, 60_000],
    [1_170_000, 300_000],
    [86_400_000, 21_600_000],
  ])('a span of %d ms: every %d ms', (span, step) => {
    const start = Date.UTC(2026, 10, 21, 14, 0, 7);
    const ticks = timeTicks(start, start + span, 5);
    expect(ticks.length).toBeGreaterThan(2);
    expect(ticks.length).toBeLessThanOrEqual(5);
    expect(ticks.every((at) => at % step === 0)).toBe(true);
  });
});
