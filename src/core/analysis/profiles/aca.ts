import type { JudgeInput } from '#core/analysis/judge.ts';
import type { Metric } from '#core/analysis/metric.ts';
import { emptyVerdict } from '#core/analysis/metric-verdicts.ts';
import type { Reading } from '#core/analysis/reading.ts';
import type { Judgement, MetricVerdict, RunPhase } from '#core/analysis/verdict.ts';
import { valueWords } from '#core/analysis/wording.ts';
import { formatChange } from '#core/quantity.ts';
import { type AcaClassification, classify } from './aca-classify.ts';
import { AcaMetric } from './aca-metric.ts';
import { acaValues, percentile } from './aca-preparation.ts';
import { acaScore, type ScoredMetric } from './aca-score.ts';

const defaults = { pass: 95, marginal: 75, groups: {} };

interface Judged {
  readonly verdict: MetricVerdict;
  readonly scored: ScoredMetric;
  /** The metrics source failed: that is trouble of its own, never a pass or a failure. */
  readonly broken: boolean;
  readonly waiting: boolean;
}

/**
 * The profile `netflix-aca`: classification and score of Kayenta's judge, for teams that come from
 * Spinnaker. It promises nothing about repeated looks. A look before the last goes on from
 * `marginal` up; the last passes from `pass` up, and asks a person from `marginal` up.
 */
export function judgeAca(input: JudgeInput): Judgement {
  const judged = input.analysis.metrics.map((metric) => judgeMetric(input, metric));
  const counted = judged.filter(({ verdict }) => !verdict.dryRun);
  const score = acaScore(
    counted.map(({ scored }) => scored),
    (input.analysis.score ?? defaults).groups,
  );
  const phase = phaseOf(input, counted, score);
  return {
    look: input.looksBefore + 1,
    phase,
    action: actionOf(phase),
    metrics: judged.map(({ verdict }) => verdict),
    score,
    summary: summarise(input, counted, score, phase),
  };
}

function phaseOf(input: JudgeInput, counted: readonly Judged[], score: number): RunPhase {
  const { pass, marginal } = input.analysis.score ?? defaults;
  const blind = input.last || input.blindLooks + 1 >= input.analysis.patience;
  if (counted.length === 0) return 'inconclusive';
  if (counted.some(({ broken }) => broken)) return blind ? 'error' : 'pending';
  if (counted.some(({ waiting }) => waiting)) return input.last ? 'inconclusive' : 'pending';
  if (score < marginal) return 'failed';
  if (!input.last) return 'running';
  return score >= pass ? 'successful' : 'inconclusive';
}

function actionOf(phase: RunPhase): Judgement['action'] {
  if (phase === 'failed') return 'roll_back';
  return phase === 'inconclusive' || phase === 'error' ? 'pause' : 'go_on';
}

function summarise(
  input: JudgeInput,
  counted: readonly Judged[],
  score: number,
  phase: RunPhase,
): string {
  if (counted.length === 0) return 'No analysis configured: nothing was judged.';
  const { pass, marginal } = input.analysis.score ?? defaults;
  const bad = counted.find(
    ({ verdict }) => verdict.verdict === 'worse' || verdict.because !== null,
  );
  const reason = bad === undefined ? '' : ` ${bad.verdict.metric}: ${bad.verdict.explanation}`;
  if (phase === 'pending') return `Waiting for data.${reason}`;
  return `Score ${score} (pass ${pass}, marginal ${marginal}).${reason}`;
}

function judgeMetric(input: JudgeInput, metric: Metric): Judged {
  const reading = input.readings.find((entry) => entry.metric === metric.name);
  const aca = metric.aca ?? AcaMetric.parse({});
  const groups = aca.groups ?? [metric.group];
  if (reading === undefined) {
    const verdict = emptyVerdict(metric, 'not_evaluated', 'no reading was taken');
    const scored = { groups, label: 'Nodata' as const, critical: metric.critical };
    return { verdict, scored, broken: false, waiting: false };
  }
  const control = valuesOf(metric, aca, reading.stable);
  const experiment = valuesOf(metric, aca, reading.candidate);
  const found = classify(control, experiment, aca, metric.critical);
  const scored = { groups, label: found.label, critical: found.critical };
  const points = Math.min(control.length, experiment.length);
  const waiting = points > 0 && points < input.analysis.minimum.points;
  const verdict = waiting
    ? emptyVerdict(
        metric,
        'too_few_data',
        `${points} of at least ${input.analysis.minimum.points} points`,
      )
    : verdictOf(metric, control, experiment, found);
  return {
    verdict,
    scored,
    waiting,
    broken: isBroken(reading.stable) || isBroken(reading.candidate),
  };
}

function valuesOf(metric: Metric, aca: AcaMetric, reading: Reading): Float64Array {
  return isBroken(reading) ? new Float64Array() : acaValues(metric, aca, reading);
}

function isBroken(reading: Reading): boolean {
  return reading.class === 'provider_error' || reading.class === 'ambiguous_series';
}

function verdictOf(
  metric: Metric,
  control: Float64Array,
  experiment: Float64Array,
  found: AcaClassification,
): MetricVerdict {
  if (found.label === 'Nodata' || found.label === 'NodataFailMetric') {
    return emptyVerdict(metric, 'unusable', found.reason ?? 'no data');
  }
  const stable = percentile(control, 0.5);
  const candidate = percentile(experiment, 0.5);
  const relative =
    found.shift === null || stable === 0 ? null : found.shift.estimate / Math.abs(stable);
  const change = relative === null ? '' : `, ${formatChange(relative)}`;
  return {
    metric: metric.name,
    verdict: found.label === 'Pass' ? 'same' : 'worse',
    because: null,
    critical: metric.critical,
    dryRun: metric.dryRun,
    limitCrossed: false,
    stable: { points: control.length, requests: null, value: finite(stable) },
    candidate: { points: experiment.length, requests: null, value: finite(candidate) },
    estimate: found.shift?.estimate ?? null,
    low: found.shift?.low ?? null,
    high: found.shift?.high ?? null,
    relative,
    detectable: null,
    test: 'Mann-Whitney interval at 98 %, as in Kayenta',
    explanation: `${found.label}: ${wordsOf(metric, candidate)} on the candidate against ${wordsOf(metric, stable)} on stable${change}.`,
    leftOut: [],
  };
}

function wordsOf(metric: Metric, value: number): string {
  return Number.isFinite(value) ? valueWords(metric, value) : 'nothing';
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
