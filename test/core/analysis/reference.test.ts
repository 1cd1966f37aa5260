import { describe, expect, test } from 'vitest';
import { burnPairs30d } from '#core/analysis/budget.ts';
import { upperLimit } from '#core/analysis/calibration.ts';
import { shiftEstimate } from '#core/analysis/hodges-lehmann.ts';
import { memoryOf } from '#core/analysis/inefficiency.ts';
import { effectSize } from '#core/analysis/profiles/aca-classify.ts';
import { percentile } from '#core/analysis/profiles/aca-preparation.ts';
import { mannWhitneyShift, standardised, z98 } from '#core/analysis/profiles/mann-whitney.ts';
import { evidenceOfShift } from '#core/analysis/rank-evidence.ts';
import { rank, scoreShift } from '#core/analysis/ranking.ts';
import {
  evidenceAboveRate,
  evidenceBelowRate,
  evidenceOfMore,
} from '#core/analysis/rate-evidence.ts';
import { seeded } from '#core/analysis/seeded.ts';
import { burnTable, criticalU, tea } from './reference/published.ts';
import scipy from './reference/scipy.json' with { type: 'json' };

/** Two-sided p of a standard normal z, by the series of the error function. */
function pOf(z: number): number {
  const x = Math.abs(z);
  let term = x;
  let sum = x;
  for (let i = 1; i < 200; i++) {
    term *= (x * x) / (2 * i + 1);
    sum += term;
  }
  return 1 - 2 * sum * (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI));
}

describe.each(scipy.samples)('SciPy, $name', (sample) => {
  const experiment = Float64Array.from(sample.experiment).sort();
  const control = Float64Array.from(sample.control).sort();
  const scale = Math.max(...sample.experiment, ...sample.control);

  test('z and p of the rank sum', () => {
    expect(pOf(standardised(experiment, control, 0))).toBeCloseTo(sample.p, 9);
  });

  test('the interval for the shift', () => {
    const shift = mannWhitneyShift(experiment, control, z98);
    expect(Math.abs(shift.low - sample.low) / scale).toBeLessThan(1e-8);
    expect(Math.abs(shift.high - sample.high) / scale).toBeLessThan(1e-8);
  });

  test('the Hodges-Lehmann estimate', () => {
    const found = shiftEstimate(control, experiment);
    expect(Math.abs(found - sample.hodgesLehmann) / scale).toBeLessThan(1e-8);
  });

  test('the common language effect size and percentiles', () => {
    expect(effectSize(control, experiment, 'cles')).toBeCloseTo(sample.cles, 12);
    expect(percentile(experiment, 0.01)).toBeCloseTo(sample.p01, 12);
    expect(percentile(experiment, 0.25)).toBeCloseTo(sample.p25, 12);
    expect(percentile(experiment, 0.99)).toBeCloseTo(sample.p99, 12);
  });
});

test.each(scipy.splits)('SciPy, evidence of $candidate of $all at share $share', (split) => {
  expect(evidenceOfMore(split, split.ratio)).toBeCloseTo(split.evidence, 8);
});

test.each(scipy.rates)('SciPy, evidence of $events in $exposure against $rate', (one) => {
  expect(evidenceAboveRate(one.events, one.exposure, one.rate)).toBeCloseTo(one.above, 8);
  expect(evidenceBelowRate(one.events, one.exposure, one.rate)).toBeCloseTo(one.below, 8);
});

test.each(scipy.ranks)('NumPy and SciPy, sequential rank test: $name', (one) => {
  const series = {
    stable: Float64Array.from(one.stable),
    candidate: Float64Array.from(one.candidate),
  };
  const sorted = {
    stable: series.stable.slice().sort(),
    candidate: series.candidate.slice().sort(),
  };
  const scores = new Float64Array(one.stable.length);
  scoreShift(rank(series, sorted), one.shift, scores);
  for (const [i, score] of one.scores.entries()) expect(scores[i]).toBeCloseTo(score, 12);
  const whole = { from: 0, to: 0 };
  expect(evidenceOfShift(scores, 1, whole)).toBeCloseTo(one.up, 8);
  expect(evidenceOfShift(scores, -1, whole)).toBeCloseTo(one.down, 8);
});

test.each(scipy.memories)('SciPy, memory of an autoregressive series of $r', (one) => {
  const { time } = memoryOf(one.values);
  // Never below what Geyer's sum has, and near what is true of the law it was drawn from.
  expect(time).toBeGreaterThanOrEqual(one.found - 1e-9);
  expect(time / one.exact).toBeGreaterThan(0.7);
  expect(time / one.exact).toBeLessThan(2);
});

test.each(scipy.limits)('SciPy, exact limit for $hits of $trials', ({ hits, trials, upper }) => {
  expect(upperLimit(hits, trials)).toBeCloseTo(upper, 9);
});

test('SciPy, the 99th percentile of the normal distribution', () => {
  expect(z98).toBeCloseTo(scipy.z98, 12);
});

test.each(criticalU)('published critical value of U for $n and $n', ({ n, u }) => {
  expect(pOf(zOfU(n, u))).toBeLessThanOrEqual(0.05);
  expect(pOf(zOfU(n, u + 1))).toBeGreaterThan(0.05);
});

/** The z of two samples without ties whose U is `u`: as many pairs won by the first. */
function zOfU(n: number, u: number): number {
  const control = Float64Array.from({ length: n }, (_, i) => i);
  const wins = Array.from({ length: n }, (_, i) => Math.max(0, Math.min(n, u - i * n)));
  const experiment = Float64Array.from(wins, (won, i) => won - 0.5 + i * 1e-6).sort();
  return standardised(experiment, control, 0);
}

test('the lady tasting tea: draws without putting back', () => {
  const draws = seeded(8);
  const counts = [0, 0, 0, 0, 0];
  const rounds = 70_000;
  for (let i = 0; i < rounds; i++) {
    const hit = draws.hypergeometric(tea.cups, tea.milkFirst, tea.milkFirst);
    counts[hit] = (counts[hit] ?? 0) + 1;
  }
  expect((counts[4] ?? 0) / rounds).toBeCloseTo(tea.all, 2);
  expect(((counts[3] ?? 0) + (counts[4] ?? 0)) / rounds).toBeCloseTo(tea.threeOrMore, 2);
});

test('published burn rates spend what they say', () => {
  expect(
    burnPairs30d.map(({ factor, longSeconds }) => ({
      factor,
      hours: longSeconds / 3600,
      spends: (factor * longSeconds) / (30 * 86_400),
    })),
  ).toEqual(burnTable.map((row) => ({ ...row, spends: expect.closeTo(row.spends, 12) })));
});
