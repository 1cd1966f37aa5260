import type { Judgement, MetricVerdict } from './verdict.ts';

/** Metrics ordered by how much they matter now. */
export function worstFirst(metrics: readonly MetricVerdict[]): readonly MetricVerdict[] {
  return metrics.toSorted((a, b) => rank(a) - rank(b));
}

/**
 * The metrics of a look in the order in which they are drawn: as configured while it goes on, so
 * that pictures keep their places; what decided first, once it does not.
 */
export function decidingFirst({ action, metrics }: Judgement): readonly MetricVerdict[] {
  return action === 'go_on' || action === 'extend' ? metrics : worstFirst(metrics);
}

function rank(metric: MetricVerdict): number {
  const by = {
    worse: 0,
    unclear: 1,
    unusable: 2,
    // One rank: rows must not change places with every look while all is well.
    too_few_data: 3,
    same: 3,
    better: 3,
    not_evaluated: 4,
  } as const;
  return metric.limitCrossed ? -1 : by[metric.verdict] - (metric.critical ? 0.5 : 0);
}
