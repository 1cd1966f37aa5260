import type { Analysis, Metric } from './metric.ts';

/**
 * The part of the promised chance of a false alarm that each metric may spend, given the evidence
 * for harm (logarithm) that each shows. Chances add up to `analysis.alpha` (Bonferroni) by weight,
 * and within a group what a metric did not need goes to the others (Holm 1979, weighted): with
 * anytime-valid evidence exp(-evidence) serves as the p-value. Metrics in `dryRun` are shown what
 * they would have had, and take nothing from the others.
 */
export function spending(
  analysis: Analysis,
  harm: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const counted = analysis.metrics.filter((metric) => !metric.dryRun);
  const all = totalWeight(counted);
  const spent = new Map<string, number>();
  for (const metric of analysis.metrics) {
    if (metric.dryRun) {
      spent.set(metric.name, (analysis.alpha * metric.weight) / (all + metric.weight));
    }
  }
  for (const group of new Set(counted.map((metric) => metric.group))) {
    const members = counted.filter((metric) => metric.group === group);
    const alpha = (analysis.alpha * totalWeight(members)) / all;
    for (const [name, share] of holm(members, alpha, harm)) spent.set(name, share);
  }
  return spent;
}

function holm(
  members: readonly Metric[],
  alpha: number,
  harm: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const spent = new Map<string, number>();
  let open = [...members];
  while (open.length > 0) {
    const weight = totalWeight(open);
    const share = (metric: Metric): number => (alpha * metric.weight) / weight;
    const shown = open.filter(
      (metric) => (harm.get(metric.name) ?? 0) >= evidenceNeeded(metric, share(metric)),
    );
    for (const metric of open) spent.set(metric.name, share(metric));
    if (shown.length === 0) return spent;
    open = open.filter((metric) => !shown.includes(metric));
  }
  return spent;
}

/** Evidence for harm that a metric must show when it may spend `alpha`. */
export function evidenceNeeded(metric: Metric, alpha: number): number {
  return Math.log((metric.bad === 'either' ? 2 : 1) / alpha);
}

function totalWeight(metrics: readonly Metric[]): number {
  let sum = 0;
  for (const metric of metrics) sum += metric.weight;
  return sum;
}
