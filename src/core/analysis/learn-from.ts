import { evaluate } from './evaluate.ts';
import { type Learnt, learn } from './learnt.ts';
import type { Analysis, Metric } from './metric.ts';
import { inputOf, lookByTarget, type StoredLook } from './stored.ts';

/**
 * What the looks of a release that came through teach about the metrics of an analysis, on top of what
 * was known when it began: how their events come, alone or in clumps. Of each watch the last look
 * counts, for it holds all samples. Metrics that were asked for in another way then, or held against
 * another baseline, another time or in other intervals, teach nothing.
 */
export function learnFrom(looks: readonly StoredLook[], analysis: Analysis): readonly Learnt[] {
  const last = [...Map.groupBy(looks, watchOf).values()].flatMap((watch) => watch.at(-1) ?? []);
  const before = last[0]?.learnt ?? [];
  return analysis.metrics.flatMap((metric) => {
    let known = before.find((one) => one.metric === metric.name) ?? null;
    for (const look of last) {
      if (!comparable(look.analysis, analysis, metric)) continue;
      for (const own of lookByTarget(look)) known = learnt(metric, known, own);
    }
    return known ?? [];
  });
}

/** Stages of which the first samples count on are one watch. */
function watchOf({ step, stages }: StoredLook): string {
  return stages === undefined ? `step ${step}` : `from ${stages.began[0]}`;
}

function comparable(then: Analysis, now: Analysis, metric: Metric): boolean {
  const same = then.metrics.find(({ name }) => name === metric.name);
  return (
    same !== undefined &&
    then.baseline === now.baseline &&
    (then.step ?? then.every) === (now.step ?? now.every) &&
    JSON.stringify([same.type, same.query]) === JSON.stringify([metric.type, metric.query])
  );
}

function learnt(metric: Metric, known: Learnt | null, look: StoredLook): Learnt | null {
  const reading = look.readings.find((one) => one.metric === metric.name);
  if (reading === undefined || look.began !== undefined) return known;
  const found = evaluate(metric, reading, inputOf(look));
  return found.kind === 'compared' ? learn(metric.name, known, found.compared.comparison) : known;
}
