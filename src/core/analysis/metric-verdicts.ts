import { type Compared, type Evaluation, evaluate } from './evaluate.ts';
import { explain, explainNothing } from './explain.ts';
import { decisive, floorEffect, harmEvidence, strongestHarm, wayOf } from './harm.ts';
import type { JudgeInput } from './judge.ts';
import { limitCrossed } from './limit.ts';
import type { Metric } from './metric.ts';
import type { Reading } from './reading.ts';
import { evidenceNeeded, spending } from './spending.ts';
import type { MetricVerdict } from './verdict.ts';

interface Examined {
  readonly metric: Metric;
  readonly reading: { readonly stable: Reading; readonly candidate: Reading } | null;
  readonly evaluation: Evaluation | null;
}

/** Judges each metric of the analysis, in its order, by the rules of the house. */
export function judgeMetrics(input: JudgeInput): readonly MetricVerdict[] {
  const examined = input.analysis.metrics.map((metric): Examined => {
    const reading = input.readings.find((entry) => entry.metric === metric.name) ?? null;
    return { metric, reading, evaluation: reading && evaluate(metric, reading, input) };
  });
  const spent = spending(input.analysis, harmShown(examined));
  return examined.map((one) => verdictOf(one, spent.get(one.metric.name) ?? 0));
}

/** Evidence for harm by metric, where there was enough to compare. */
function harmShown(examined: readonly Examined[]): ReadonlyMap<string, number> {
  return new Map(
    examined.flatMap(({ metric, evaluation }) =>
      evaluation?.kind === 'compared'
        ? [[metric.name, strongestHarm(metric, evaluation.compared)] as const]
        : [],
    ),
  );
}

function verdictOf({ metric, reading, evaluation }: Examined, alpha: number): MetricVerdict {
  if (reading === null || evaluation === null) {
    return emptyVerdict(metric, 'not_evaluated', 'no reading was taken');
  }
  const needed = evidenceNeeded(metric, alpha);
  const compared = evaluation.kind === 'unusable' ? null : evaluation.compared;
  const crossed = limitCrossed(
    metric,
    reading.candidate,
    needed,
    compared?.comparison.inefficiency ?? 1,
  );
  if (evaluation.kind === 'unusable' || compared === null) {
    const verdict = evaluation.kind === 'unusable' ? 'unusable' : 'too_few_data';
    const because = evaluation.kind === 'compared' ? '' : evaluation.because;
    return { ...emptyVerdict(metric, verdict, because), limitCrossed: crossed };
  }
  const because = evaluation.kind === 'too_few' ? evaluation.because : null;
  return { ...comparedVerdict(metric, compared, because, alpha), limitCrossed: crossed };
}

/** The verdict on a metric of which nothing was compared. */
export function emptyVerdict(
  metric: Metric,
  verdict: 'too_few_data' | 'unusable' | 'not_evaluated',
  because: string,
): MetricVerdict {
  const side = { points: 0, requests: null, value: null };
  return {
    metric: metric.name,
    verdict,
    because,
    critical: metric.critical,
    dryRun: metric.dryRun,
    limitCrossed: false,
    stable: side,
    candidate: side,
    estimate: null,
    low: null,
    high: null,
    relative: null,
    detectable: null,
    test: 'none',
    explanation: explainNothing(verdict, because),
    leftOut: [],
  };
}

function comparedVerdict(
  metric: Metric,
  compared: Compared,
  because: string | null,
  alpha: number,
): MetricVerdict {
  const { comparison, since, price } = decisive(metric, compared, evidenceNeeded(metric, alpha));
  const window = { ...compared.window, from: since ?? compared.window.from };
  const needed = evidenceNeeded(metric, alpha) + price;
  const bounds = comparison.bounds(needed);
  const base = Math.abs(comparison.stable.value ?? 0);
  const seen = comparison.detectable(needed, bounds);
  const verdict = because === null ? wayOf(metric, comparison, needed) : 'too_few_data';
  // Told of the whole unless it decides, so that it may be pooled with what other targets show.
  const evidence = harmEvidence(metric, verdict === 'worse' ? comparison : compared.comparison);
  const facts = {
    verdict,
    because,
    estimate: comparison.estimate,
    low: finite(Math.min(bounds.low, comparison.estimate)),
    high: finite(Math.max(bounds.high, comparison.estimate)),
    relative: base === 0 ? null : comparison.estimate / base,
    detectable: seen === null ? null : Math.max(seen, floorEffect(metric, comparison) / base),
  } as const;
  const shown =
    verdict === 'better' ? comparison.evidence[metric.bad === 'up' ? 'down' : 'up'] : evidence;
  return {
    ...facts,
    metric: metric.name,
    critical: metric.critical,
    dryRun: metric.dryRun,
    limitCrossed: false,
    stable: comparison.stable,
    candidate: comparison.candidate,
    test: comparison.test,
    explanation: explain(
      metric,
      { comparison, since, window, stages: compared.stages },
      facts,
      shown - price,
    ),
    leftOut: [...compared.leftOut],
    detail: {
      group: metric.group,
      type: metric.type,
      unit: metric.unit,
      bad: metric.bad,
      floor: { ...metric.floor, effect: floorEffect(metric, comparison) },
      alpha,
      evidence,
      needed,
      inefficiency: comparison.inefficiency,
      window,
    },
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
