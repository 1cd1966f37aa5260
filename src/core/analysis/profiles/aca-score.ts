import type { AcaLabel } from './aca-classify.ts';

/** What the score needs to know of a metric. */
export interface ScoredMetric {
  readonly groups: readonly string[];
  readonly label: AcaLabel;
  readonly critical: boolean;
}

/**
 * Kayenta's weighted sum, 0 to 100: per group the share of metrics that pass, among those that pass,
 * are high, low or lack data they must have; a group without any counts as 100. Groups without a
 * weight share what is left of 100. A critical metric that does not pass, or half of the metrics
 * without data, makes it 0.
 */
export function acaScore(
  metrics: readonly ScoredMetric[],
  weights: Readonly<Record<string, number>>,
): number {
  if (metrics.some((metric) => metric.critical && metric.label !== 'Pass')) return 0;
  const empty = metrics.filter((metric) => metric.label === 'Nodata').length;
  if (metrics.length > 0 && empty * 2 >= metrics.length) return 0;
  const names = [...new Set(metrics.flatMap((metric) => metric.groups))];
  const unset = names.filter((name) => weights[name] === undefined);
  let given = 0;
  for (const weight of Object.values(weights)) given += weight;
  const rest = unset.length === 0 ? 0 : (100 - given) / unset.length;
  let total = 0;
  for (const name of names) {
    const members = metrics.filter((metric) => metric.groups.includes(name));
    total += (groupScore(members) * (weights[name] ?? rest)) / 100;
  }
  return Math.round(total * 100) / 100;
}

function groupScore(members: readonly ScoredMetric[]): number {
  const counted = members.filter((metric) => metric.label !== 'Nodata');
  if (counted.length === 0) return 100;
  return (counted.filter((metric) => metric.label === 'Pass').length / counted.length) * 100;
}
