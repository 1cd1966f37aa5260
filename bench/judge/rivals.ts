import { mannWhitneyShift, standardised, z98 } from '#core/analysis/profiles/mann-whitney.ts';
import type { Sample } from '#core/analysis/reading.ts';
import { floors, type Tunable } from './policies.ts';
import { intervalSeconds, type Run, type SidedSamples } from './traffic.ts';

const slice = 300 / intervalSeconds;

/**
 * Argo's example: success at least 95 % (and p95 at most 500 ms) each five minutes, three may fail.
 * The number to tune is the share of both limits at which a slice fails, so 1 is the example.
 */
export const fixedThresholds: Tunable = {
  name: 'fixed thresholds',
  every: slice,
  statistic(run, look) {
    const worst: number[] = [];
    for (let end = slice; end <= look; end += slice) {
      const errors = meanOf(run.errors.candidate.slice(end - slice, end));
      const latency = meanOf(run.latency.candidate.slice(end - slice, end));
      worst.push(Math.max(errors / 0.05, latency / 500));
    }
    return worst.toSorted((a, b) => b - a)[3] ?? 0;
  },
};

/**
 * A fixed-sample test looked at again and again: Mann-Whitney on p95 and the pooled z test on error
 * counts, one-sided, with our minimum and our floors. The number to tune is z.
 */
export const peeked: Tunable = { name: 'fixed-sample test', every: 1, statistic: peekedStatistic };

/** The classification of netflix-aca in five-minute slices; the number to tune is z, 2.33 for its 0.98. */
export const aca: Tunable = {
  name: 'netflix-aca',
  every: slice,
  statistic: (run, look) => Math.max(acaZ(run.errors, look), acaZ(run.latency, look)),
};

function acaZ(samples: SidedSamples, look: number): number {
  const control = sortedValues(samples.stable, look);
  const experiment = sortedValues(samples.candidate, look);
  if (control.length === 0 || experiment.length === 0) return 0;
  const { estimate } = mannWhitneyShift(experiment, control, z98);
  if (!(estimate > 0)) return 0;
  const z = standardised(experiment, control, 0.25 * estimate);
  return Number.isFinite(z) ? z : 0;
}

function meanOf(samples: readonly Sample[]): number {
  let top = 0;
  let under = 0;
  for (const sample of samples) {
    if (sample.kind === 'ratio') {
      top += sample.bad;
      under += sample.total;
    } else if (sample.kind === 'value' && Number.isFinite(sample.value)) {
      top += sample.value;
      under += 1;
    }
  }
  return under === 0 ? 0 : top / under;
}

export const nominalZ = z98;

/** The larger z of the two tests at a look, where the estimate is beyond the floors. */
function peekedStatistic(run: Run, look: number): number {
  return Math.max(errorsZ(run.errors, look), latencyZ(run.latency, look));
}

function errorsZ(samples: SidedSamples, look: number): number {
  if (samples.stable[0]?.kind !== 'ratio') return latencyZ(samples, look);
  const stable = totalOf(samples.stable, look);
  const candidate = totalOf(samples.candidate, look);
  if (Math.min(stable.total, candidate.total) < 100) return 0;
  const before = stable.bad / stable.total;
  const rise = candidate.bad / candidate.total - before;
  if (rise < floors.errors.absolute || rise < floors.errors.relative * before) return 0;
  const pooled = (stable.bad + candidate.bad) / (stable.total + candidate.total);
  return rise / Math.sqrt(pooled * (1 - pooled) * (1 / stable.total + 1 / candidate.total));
}

function totalOf(samples: readonly Sample[], look: number): { bad: number; total: number } {
  const sum = { bad: 0, total: 0 };
  for (const sample of samples.slice(0, look)) {
    if (sample.kind !== 'ratio') continue;
    sum.bad += sample.bad;
    sum.total += sample.total;
  }
  return sum;
}

function latencyZ(samples: SidedSamples, look: number): number {
  const stable = sortedValues(samples.stable, look);
  const candidate = sortedValues(samples.candidate, look);
  if (Math.min(stable.length, candidate.length) < 10) return 0;
  const z = standardised(candidate, stable, 0);
  if (!(z > 1.5)) return 0;
  const { estimate } = mannWhitneyShift(candidate, stable, z98);
  const level = stable[stable.length >> 1] ?? 0;
  const floor = samples.stable[0]?.kind === 'ratio' ? floors.errors : floors.latency;
  return estimate >= floor.relative * Math.abs(level) ? z : 0;
}

function sortedValues(samples: readonly Sample[], look: number): Float64Array {
  const values: number[] = [];
  for (const sample of samples.slice(0, look)) {
    if (sample.kind === 'value' && Number.isFinite(sample.value)) values.push(sample.value);
    if (sample.kind === 'ratio' && sample.total > 0) values.push(sample.bad / sample.total);
  }
  return Float64Array.from(values).sort();
}
