import type { Comparison } from './comparison.ts';
import { type Evaluation, evaluate } from './evaluate.ts';
import { explain } from './explain.ts';
import type { JudgeInput } from './judge.ts';
import { limitCrossed } from './limit.ts';
import type { Metric } from './metric.ts';
import type { MetricVerdict } from './verdict.ts';

/** Judges each metric of the analysis, in its order. */
export function judgeMetrics(input: JudgeInput): readonly MetricVerdict[] {
  const counted = input.analysis.metrics.filter((metric) => !metric.dryRun).length;
  const alpha = input.analysis.alpha / Math.max(1, counted);
  return input.analysis.metrics.map((metric) => {
    const reading = input.readings.find((entry) => entry.metric === metric.name);
    if (reading === undefined) return blank(metric, 'not_evaluated', 'no reading was taken');
    const { stable, candidate } = reading;
    const evaluation = evaluate(metric, stable, candidate, input.analysis.minimum);
    const crossed = limitCrossed(metric, candidate, alpha);
    return { ...verdictOf(metric, evaluation, alpha), limitCrossed: crossed };
  });
}

function blank(
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
    explanation: `${metric.name}: ${because}.`,
    leftOut: [],
  };
}

function verdictOf(metric: Metric, evaluation: Evaluation, alpha: number): MetricVerdict {
  if (evaluation.kind === 'unusable') return blank(metric, 'unusable', evaluation.because);
  const { comparison } = evaluation;
  if (comparison === null) return blank(metric, 'too_few_data', 'nothing to compare yet');
  const threshold = Math.log((metric.bad === 'either' ? 2 : 1) / alpha);
  const { low, high } = comparison.bounds(threshold);
  const relative = relativeEffect(comparison);
  const verdict =
    evaluation.kind === 'too_few' ? 'too_few_data' : direction(metric, comparison, threshold);
  const facts: MetricVerdict = {
    metric: metric.name,
    verdict,
    because: evaluation.kind === 'too_few' ? evaluation.because : null,
    critical: metric.critical,
    dryRun: metric.dryRun,
    limitCrossed: false,
    stable: comparison.stable,
    candidate: comparison.candidate,
    estimate: comparison.estimate,
    low: finite(low),
    high: finite(high),
    relative,
    detectable: detectable(metric, comparison, low, high),
    test: comparison.test,
    explanation: '',
    leftOut: [...comparison.leftOut],
  };
  return { ...facts, explanation: explain(metric, facts) };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function relativeEffect(comparison: Comparison): number | null {
  const base = Math.abs(comparison.stable.value ?? 0);
  return base === 0 ? null : comparison.estimate / base;
}

/** The smallest relative effect that this much data could have shown. */
function detectable(
  metric: Metric,
  comparison: Comparison,
  low: number,
  high: number,
): number | null {
  const base = Math.abs(comparison.stable.value ?? 0);
  const room = metric.bad === 'down' ? high - comparison.estimate : comparison.estimate - low;
  return base === 0 || !Number.isFinite(room) ? null : Math.max(metric.floor.relative, room / base);
}

function direction(
  metric: Metric,
  comparison: Comparison,
  threshold: number,
): 'better' | 'same' | 'worse' {
  const { estimate, evidence } = comparison;
  if (!beyondFloors(metric, comparison)) return 'same';
  const rises = estimate > 0 && evidence.up >= threshold;
  const falls = estimate < 0 && evidence.down >= threshold;
  if (!rises && !falls) return 'same';
  if (metric.bad === 'either') return 'worse';
  return rises === (metric.bad === 'up') ? 'worse' : 'better';
}

function beyondFloors(metric: Metric, comparison: Comparison): boolean {
  const size = Math.abs(comparison.estimate);
  const base = Math.abs(comparison.stable.value ?? 0);
  return size >= metric.floor.absolute && size >= metric.floor.relative * base;
}
