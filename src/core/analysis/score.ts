import type { Analysis, Metric } from './metric.ts';
import type { MetricVerdict } from './verdict.ts';

/** Scores of groups and of the whole, from 0 to 100. */
export interface Score {
  readonly groups: ReadonlyMap<string, number>;
  readonly total: number;
}

/**
 * The weighted score: each group's share of weight that is not worse, groups weighted as set, those
 * without a weight sharing what is left of 100. Metrics without a verdict are left out; a group
 * without any counts as 100, and so does the whole: lack of data is dealt with elsewhere.
 */
export function scoreOf(analysis: Analysis, metrics: readonly MetricVerdict[]): Score {
  const set = analysis.score?.groups ?? {};
  const counted = analysis.metrics.filter((metric) => !metric.dryRun);
  const names = [...new Set(counted.map((metric) => metric.group))];
  const verdicts = new Map(metrics.map((verdict) => [verdict.metric, verdict]));
  const groups = new Map(
    names.map((name) => [
      name,
      groupScore(
        counted.filter((metric) => metric.group === name),
        verdicts,
      ),
    ]),
  );
  const unset = names.filter((name) => set[name] === undefined);
  const given = names.reduce((sum, name) => sum + (set[name] ?? 0), 0);
  const rest = unset.length === 0 ? 0 : Math.max(0, 100 - given) / unset.length;
  const weight = given + rest * unset.length;
  let total = 0;
  for (const name of names) total += (groups.get(name) ?? 0) * (set[name] ?? rest);
  return { groups, total: weight === 0 ? 100 : total / weight };
}

function groupScore(
  members: readonly Metric[],
  verdicts: ReadonlyMap<string, MetricVerdict>,
): number {
  let all = 0;
  let good = 0;
  for (const { name, weight } of members) {
    const verdict = verdicts.get(name);
    if (verdict === undefined || !judged(verdict)) continue;
    all += weight;
    if (verdict.verdict !== 'worse' && !verdict.limitCrossed) good += weight;
  }
  return all === 0 ? 100 : (good / all) * 100;
}

function judged(verdict: MetricVerdict): boolean {
  return verdict.limitCrossed || ['better', 'same', 'worse'].includes(verdict.verdict);
}
