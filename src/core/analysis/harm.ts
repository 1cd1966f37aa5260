import type { Comparison } from './comparison.ts';
import type { Compared } from './evaluate.ts';
import type { Metric } from './metric.ts';

/** Evidence (logarithm) that the candidate is worse in the direction that is bad for the metric. */
export function harmEvidence(metric: Metric, comparison: Comparison): number {
  const { up, down } = comparison.evidence;
  if (metric.bad === 'either') return comparison.estimate >= 0 ? up : down;
  return metric.bad === 'up' ? up : down;
}

/** The smallest difference that matters: the larger of both floors, in the metric's unit. */
export function floorEffect(metric: Metric, comparison: Comparison): number {
  const base = Math.abs(comparison.stable.value ?? 0);
  return Math.max(metric.floor.absolute, metric.floor.relative * base);
}

/**
 * Standard deviations from no change that make a suspicion: one look in ten at the same version has
 * them by chance, and of those only what is beyond the floors counts.
 */
const suspicion = 1.2816;

/**
 * Which way a comparison goes. A difference counts when the evidence for it reaches `needed` (so
 * that the interval excludes no change) and its estimate reaches both floors. One that would be
 * harm and is only suspected is `unclear`: not shown to be worse, and no ground to go on either.
 */
export function wayOf(
  metric: Metric,
  comparison: Comparison,
  needed: number,
): 'better' | 'same' | 'unclear' | 'worse' {
  const { estimate, evidence, deviation } = comparison;
  if (estimate === 0 || Math.abs(estimate) < floorEffect(metric, comparison)) return 'same';
  const rises = estimate > 0;
  const side = rises ? 'up' : 'down';
  const harms = metric.bad === 'either' || rises === (metric.bad === 'up');
  if (evidence[side] >= needed) return harms ? 'worse' : 'better';
  return harms && deviation[side] >= suspicion ? 'unclear' : 'same';
}

/** What a verdict is taken from: everything, or what came after a late start. */
export interface Decisive {
  readonly comparison: Comparison;
  /** When the first interval ended, epoch milliseconds; null for everything. */
  readonly since: number | null;
  /** Evidence must be so much stronger. */
  readonly price: number;
}

/**
 * The whole, unless only what came after a late start shows that the candidate is worse, or the stage
 * at work gives ground to suspect it.
 */
export function decisive(metric: Metric, compared: Compared, needed: number): Decisive {
  const whole: Decisive = { comparison: compared.comparison, since: null, price: compared.price };
  const shows = ({ comparison, price }: Decisive): boolean =>
    wayOf(metric, comparison, needed + price) === 'worse';
  if (shows(whole)) return whole;
  return compared.late.find(shows) ?? suspectStage(metric, compared) ?? whole;
}

/** The stage at work, where it looks worse by itself: what was fine before it is no ground to go on. */
function suspectStage(metric: Metric, { stage }: Compared): Decisive | null {
  if (stage === null) return null;
  return wayOf(metric, stage.comparison, Number.POSITIVE_INFINITY) === 'unclear' ? stage : null;
}

/** The strongest evidence for harm from any start, what the start costs taken off. */
export function strongestHarm(metric: Metric, compared: Compared): number {
  let strongest = harmEvidence(metric, compared.comparison) - compared.price;
  for (const { comparison, price } of compared.late) {
    strongest = Math.max(strongest, harmEvidence(metric, comparison) - price);
  }
  return strongest;
}
