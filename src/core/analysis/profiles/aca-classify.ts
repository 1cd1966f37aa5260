import type { AcaMetric } from './aca-metric.ts';
import { mannWhitneyShift, type Shift, z98 } from './mann-whitney.ts';

/** How Kayenta labels a metric. */
export type AcaLabel = 'Pass' | 'High' | 'Low' | 'Nodata' | 'NodataFailMetric';

export interface AcaClassification {
  readonly label: AcaLabel;
  /** Counts as a critical failure unless it passes. */
  readonly critical: boolean;
  readonly reason: string | null;
  readonly shift: Shift | null;
  /** Effect size by the metric's measure; null where it cannot be computed and is then ignored. */
  readonly effect: number | null;
}

/** The part of the estimate that the interval must exclude. */
const tolerance = 0.25;

/**
 * Classifies sorted values by the rules of Kayenta's NetflixACAJudge-v1.0. Two constant sides that
 * differ are compared exactly; Kayenta adds random noise to them, so its answer may vary.
 */
export function classify(
  control: Float64Array,
  experiment: Float64Array,
  aca: AcaMetric,
  critical: boolean,
): AcaClassification {
  if (control.length === 0 || experiment.length === 0) return missing(aca, critical);
  if (identical(control, experiment)) return passed('The data of both sides are identical');
  const shift =
    constant(control) && constant(experiment)
      ? exactShift(control, experiment)
      : mannWhitneyShift(experiment, control, z98);
  const effect = effectSize(control, experiment, aca.effectSize.measure);
  const limits = limitsOf(aca);
  const bound = tolerance * Math.abs(shift.estimate);
  const watchesRise = aca.direction !== 'decrease';
  const watchesFall = aca.direction !== 'increase';
  const reaches = (limit: number): boolean => effect === null || effect >= limit;
  const fallsTo = (limit: number): boolean => effect === null || effect <= limit;
  if (watchesRise && shift.low > bound && reaches(limits.allowedIncrease)) {
    const fatal = critical && reaches(limits.criticalIncrease);
    return { label: 'High', critical: fatal, reason: 'The canary is high', shift, effect };
  }
  if (watchesFall && shift.high < -bound && fallsTo(limits.allowedDecrease)) {
    const fatal = critical && fallsTo(limits.criticalDecrease);
    return { label: 'Low', critical: fatal, reason: 'The canary is low', shift, effect };
  }
  return { label: 'Pass', critical: false, reason: null, shift, effect };
}

function missing(aca: AcaMetric, critical: boolean): AcaClassification {
  if (aca.nanStrategy === 'replace') return passed(null);
  const label = aca.mustHaveData && !critical ? 'NodataFailMetric' : 'Nodata';
  const fatal = label === 'Nodata' && critical;
  return { label, critical: fatal, reason: 'Missing data', shift: null, effect: null };
}

function passed(reason: string | null): AcaClassification {
  return { label: 'Pass', critical: false, reason, shift: null, effect: null };
}

function limitsOf(aca: AcaMetric) {
  const { effectSize: size } = aca;
  const neutral = size.measure === 'cles' ? 0.5 : 1;
  return {
    allowedIncrease: size.allowedIncrease ?? neutral,
    allowedDecrease: size.allowedDecrease ?? neutral,
    criticalIncrease: size.criticalIncrease ?? neutral,
    criticalDecrease: size.criticalDecrease ?? neutral,
  };
}

function identical(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

function constant(sorted: Float64Array): boolean {
  return sorted[0] === sorted[sorted.length - 1];
}

function exactShift(control: Float64Array, experiment: Float64Array): Shift {
  const shift = (experiment[0] ?? 0) - (control[0] ?? 0);
  return { low: shift, high: shift, estimate: shift };
}

/** Ratio of the means, or the chance that a value of the canary exceeds one of the baseline. */
export function effectSize(
  control: Float64Array,
  experiment: Float64Array,
  measure: 'meanRatio' | 'cles',
): number | null {
  if (measure === 'cles') return commonLanguage(control, experiment);
  const before = mean(control);
  const after = mean(experiment);
  return before === 0 || after === 0 ? null : after / before;
}

function commonLanguage(control: Float64Array, experiment: Float64Array): number {
  let wins = 0;
  let below = 0;
  let upTo = 0;
  for (const value of experiment) {
    while (below < control.length && (control[below] ?? 0) < value) below++;
    while (upTo < control.length && (control[upTo] ?? 0) <= value) upTo++;
    wins += (below + upTo) / 2;
  }
  return wins / (control.length * experiment.length);
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
