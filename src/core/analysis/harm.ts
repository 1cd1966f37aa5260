import type { Comparison } from './comparison.ts';
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
 * Which way a comparison goes. A difference counts when the evidence for it reaches `needed` (so
 * that the interval excludes no change) and its estimate reaches both floors.
 */
export function wayOf(
  metric: Metric,
  comparison: Comparison,
  needed: number,
): 'better' | 'same' | 'worse' {
  const { estimate, evidence } = comparison;
  if (estimate === 0 || Math.abs(estimate) < floorEffect(metric, comparison)) return 'same';
  const rises = estimate > 0;
  if ((rises ? evidence.up : evidence.down) < needed) return 'same';
  if (metric.bad === 'either') return 'worse';
  return rises === (metric.bad === 'up') ? 'worse' : 'better';
}
