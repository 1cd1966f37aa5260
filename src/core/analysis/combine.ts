import type { JudgeInput } from './judge.ts';
import type { Judgement, MetricVerdict, RunPhase } from './verdict.ts';

const order: readonly RunPhase[] = [
  'successful',
  'running',
  'pending',
  'inconclusive',
  'error',
  'failed',
];

/** The run takes the worst phase of its counted metrics. */
export function combine(input: JudgeInput, metrics: readonly MetricVerdict[]): Judgement {
  const counted = metrics.filter((metric) => !metric.dryRun);
  let phase: RunPhase = 'successful';
  for (const metric of counted) {
    const own = phaseOf(input, metric);
    if (order.indexOf(own) > order.indexOf(phase)) phase = own;
  }
  if (counted.length === 0) phase = 'inconclusive';
  const action = actionOf(phase, counted);
  return {
    look: input.looksBefore + 1,
    phase,
    action,
    metrics: [...metrics],
    summary: summarise(phase, counted),
  };
}

function phaseOf(input: JudgeInput, verdict: MetricVerdict): RunPhase {
  if (verdict.limitCrossed || verdict.verdict === 'worse') return 'failed';
  switch (verdict.verdict) {
    case 'better':
    case 'same':
      return input.last ? 'successful' : 'running';
    case 'too_few_data':
      return input.last ? withoutData(input, verdict) : 'pending';
    default:
      if (input.blindLooks + 1 >= input.analysis.patience) return withoutData(input, verdict);
      return input.last ? withoutData(input, verdict) : 'pending';
  }
}

function withoutData(input: JudgeInput, verdict: MetricVerdict): RunPhase {
  const metric = input.analysis.metrics.find((entry) => entry.name === verdict.metric);
  switch (metric?.onNoData) {
    case 'pass':
      return input.last ? 'successful' : 'running';
    case 'fail':
      return 'failed';
    default:
      return 'inconclusive';
  }
}

function actionOf(phase: RunPhase, counted: readonly MetricVerdict[]): Judgement['action'] {
  switch (phase) {
    case 'failed':
      return counted.some((metric) => metric.limitCrossed) ? 'abort_now' : 'roll_back';
    case 'inconclusive':
    case 'error':
      return 'pause';
    default:
      return 'go_on';
  }
}

function summarise(phase: RunPhase, counted: readonly MetricVerdict[]): string {
  if (counted.length === 0) return 'No analysis configured: nothing was judged.';
  const telling = counted.find(
    (metric) => metric.limitCrossed || metric.verdict === 'worse' || metric.because !== null,
  );
  if (telling !== undefined) return telling.explanation;
  return phase === 'successful'
    ? `All ${counted.length} metrics are as good as stable or better.`
    : `No difference seen so far on ${counted.length} metrics.`;
}
