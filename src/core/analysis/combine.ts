import { explainNothing } from './explain.ts';
import type { JudgeInput } from './judge.ts';
import { phaseOf, worsePhase } from './phases.ts';
import { scoreOf } from './score.ts';
import { summarise } from './summarise.ts';
import type { Judgement, MetricVerdict, RunPhase } from './verdict.ts';

/**
 * Combines the metrics of one look: the run takes the worst phase of its counted metrics, or where
 * the analysis keeps a score, harm is weighed by it. A run without counted metrics is inconclusive
 * and says so: nothing was judged.
 */
export function combine(input: JudgeInput, metrics: readonly MetricVerdict[]): Judgement {
  const look = input.looksBefore + 1;
  const counted = metrics.filter((metric) => !metric.dryRun);
  if (counted.length === 0) {
    const summary = 'No analysis configured: nothing was judged.';
    return { look, phase: 'inconclusive', action: 'pause', metrics: [...metrics], summary };
  }
  const { phase, extend } = runPhase(input, counted);
  const action = actionOf(phase, extend, counted);
  const told = phase === 'failed' ? metrics.map(stoppedEarly) : [...metrics];
  const score =
    input.analysis.score === undefined ? {} : { score: scoreOf(input.analysis, metrics).total };
  return {
    look,
    phase,
    action,
    metrics: told,
    ...score,
    summary: summarise(phase, extend, counted),
  };
}

function runPhase(
  input: JudgeInput,
  counted: readonly MetricVerdict[],
): { readonly phase: RunPhase; readonly extend: boolean } {
  const { score } = input.analysis;
  let phase: RunPhase = 'successful';
  let extend = false;
  for (const metric of counted) {
    const own = phaseOf(input, metric);
    const weighed = score !== undefined && own.phase === 'failed' && !decidesAlone(metric);
    phase = worsePhase(phase, weighed ? (input.last ? 'successful' : 'running') : own.phase);
    extend ||= own.extend;
  }
  if (score === undefined) return { phase, extend };
  const { total } = scoreOf(input.analysis, counted);
  if (total < score.marginal) return { phase: 'failed', extend: false };
  if (total < score.pass && input.last) phase = worsePhase(phase, 'inconclusive');
  return { phase, extend };
}

/** With a score, only these fail the run by themselves. */
function decidesAlone(metric: MetricVerdict): boolean {
  return metric.critical || metric.limitCrossed || metric.verdict !== 'worse';
}

function actionOf(
  phase: RunPhase,
  extend: boolean,
  counted: readonly MetricVerdict[],
): Judgement['action'] {
  switch (phase) {
    case 'failed':
      return counted.some((metric) => metric.limitCrossed) ? 'abort_now' : 'roll_back';
    case 'inconclusive':
    case 'error':
      return 'pause';
    default:
      return extend ? 'extend' : 'go_on';
  }
}

/** A run that fails stops metrics that had not come to anything: they are never shown as passed. */
function stoppedEarly(metric: MetricVerdict): MetricVerdict {
  if (metric.limitCrossed) return metric;
  if (metric.verdict !== 'too_few_data' && metric.verdict !== 'unusable') return metric;
  const because = `the run was stopped first (${metric.because ?? 'no data yet'})`;
  return {
    ...metric,
    verdict: 'not_evaluated',
    because,
    explanation: explainNothing('not_evaluated', because),
  };
}
