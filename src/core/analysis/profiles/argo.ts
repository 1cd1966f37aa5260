import { explainNothing } from '#core/analysis/explain.ts';
import type { JudgeInput } from '#core/analysis/judge.ts';
import type { Metric } from '#core/analysis/metric.ts';
import { emptyVerdict } from '#core/analysis/metric-verdicts.ts';
import { worsePhase } from '#core/analysis/phases.ts';
import type { Reading } from '#core/analysis/reading.ts';
import type { Judgement, MetricVerdict, RunPhase } from '#core/analysis/verdict.ts';
import { valueWords } from '#core/analysis/wording.ts';
import { sampleValue } from './aca-preparation.ts';
import { countUp, type Measured, measure } from './argo-count.ts';
import { ArgoMetric } from './argo-metric.ts';

interface Judged {
  readonly verdict: MetricVerdict;
  readonly phase: RunPhase;
}

/**
 * The profile `argo`: conditions on the candidate's values and Argo's counters and limits, each
 * interval one measurement. Two things differ from Argo on purpose: errors pause instead of
 * aborting, and a metric that was stopped early is never called successful.
 */
export function judgeArgo(input: JudgeInput): Judgement {
  const judged = input.analysis.metrics.map((metric) => judgeMetric(input, metric));
  const counted = judged.filter(({ verdict }) => !verdict.dryRun);
  let phase: RunPhase = counted.length === 0 ? 'inconclusive' : 'successful';
  for (const one of counted) phase = worsePhase(phase, one.phase);
  if (input.last && phase === 'running') phase = 'successful';
  if (input.last && phase === 'pending') phase = 'inconclusive';
  return {
    look: input.looksBefore + 1,
    phase,
    action: actionOf(phase),
    metrics: judged.map((one) => (phase === 'failed' ? stopped(one) : one.verdict)),
    summary: summarise(counted, phase),
  };
}

function actionOf(phase: RunPhase): Judgement['action'] {
  if (phase === 'failed') return 'roll_back';
  return phase === 'error' || phase === 'inconclusive' ? 'pause' : 'go_on';
}

function summarise(counted: readonly Judged[], phase: RunPhase): string {
  if (counted.length === 0) return 'No analysis configured: nothing was judged.';
  const telling = counted.find((one) => one.phase === phase) ?? counted[0];
  return telling === undefined
    ? phase
    : `${telling.verdict.metric}: ${telling.verdict.explanation}`;
}

function judgeMetric(input: JudgeInput, metric: Metric): Judged {
  const reading = input.readings.find((entry) => entry.metric === metric.name);
  if (reading === undefined) {
    return {
      verdict: emptyVerdict(metric, 'not_evaluated', 'no reading was taken'),
      phase: 'pending',
    };
  }
  const argo = metric.argo ?? ArgoMetric.parse({});
  const measured = measurements(metric, argo, reading.candidate, input.blindLooks);
  const { phase, because } = countUp(argo, measured);
  return { verdict: verdictOf(metric, reading.candidate, measured, phase, because), phase };
}

/** One measurement per interval; looks without an answer are errors at the end. */
function measurements(
  metric: Metric,
  argo: ArgoMetric,
  candidate: Reading,
  blindLooks: number,
): readonly Measured[] {
  const taken = candidate.samples.map((sample) => measure(argo, [sampleValue(metric, sample)]));
  if (candidate.class === 'ok') return taken;
  return [...taken, ...Array.from({ length: blindLooks + 1 }, () => 'error' as const)];
}

function verdictOf(
  metric: Metric,
  candidate: Reading,
  measured: readonly Measured[],
  phase: RunPhase,
  because: string,
): MetricVerdict {
  const newest = candidate.samples.at(-1);
  const value = newest === undefined ? null : sampleValue(metric, newest);
  const shown = value === null || !Number.isFinite(value) ? 'no value' : valueWords(metric, value);
  const points = measured.length;
  const bare = emptyVerdict(metric, 'unusable', because);
  return {
    ...bare,
    verdict: words[phase],
    because: phase === 'error' || phase === 'inconclusive' || phase === 'pending' ? because : null,
    candidate: {
      points,
      requests: null,
      value: value !== null && Number.isFinite(value) ? value : null,
    },
    test: 'conditions and limits, as in Argo Rollouts',
    explanation: `${shown} on the candidate; ${because}.`,
  };
}

const words = {
  successful: 'same',
  running: 'same',
  pending: 'too_few_data',
  inconclusive: 'unusable',
  error: 'unusable',
  failed: 'worse',
} as const satisfies Record<RunPhase, MetricVerdict['verdict']>;

function stopped({ verdict, phase }: Judged): MetricVerdict {
  if (phase !== 'running' && phase !== 'pending') return verdict;
  const because = 'the run was stopped first';
  return {
    ...verdict,
    verdict: 'not_evaluated',
    because,
    explanation: explainNothing('not_evaluated', because),
  };
}
