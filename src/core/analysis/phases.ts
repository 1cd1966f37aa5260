import type { JudgeInput } from './judge.ts';
import type { Metric } from './metric.ts';
import { type MetricVerdict, RunPhase } from './verdict.ts';

const order: readonly RunPhase[] = RunPhase.options;

/** The worse of two phases, in the order in which a run takes them from its metrics. */
export function worsePhase(a: RunPhase, b: RunPhase): RunPhase {
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}

/** What one metric alone means for the run; `extend` asks for one more look. */
export function phaseOf(
  input: JudgeInput,
  verdict: MetricVerdict,
): { readonly phase: RunPhase; readonly extend: boolean } {
  if (verdict.limitCrossed || verdict.verdict === 'worse') return plain('failed');
  if (verdict.verdict === 'same' || verdict.verdict === 'better') return plain(settled(input));
  if (verdict.verdict === 'unclear') return prolonged(input);
  const metric = input.analysis.metrics.find((one) => one.name === verdict.metric);
  const broken = readingClass(input, verdict.metric);
  if (broken === 'ambiguous_series') return plain('error');
  const patient =
    verdict.verdict === 'too_few_data' || input.blindLooks + 1 < input.analysis.patience;
  if (!input.last && patient) return plain('pending');
  if (broken === 'provider_error') return plain(metric?.onNoData === 'fail' ? 'failed' : 'error');
  return withoutData(input, metric, verdict.verdict === 'too_few_data');
}

function plain(phase: RunPhase): { readonly phase: RunPhase; readonly extend: boolean } {
  return { phase, extend: false };
}

function settled(input: JudgeInput): RunPhase {
  return input.last ? 'successful' : 'running';
}

/**
 * What looks worse, or has come to too few data, is watched on past the last planned look, for as
 * long again as was planned; then a person decides.
 */
function prolonged(input: JudgeInput) {
  if (!input.last) return plain('running');
  const extended = input.extended ?? 0;
  const planned = input.looksBefore + 1 - extended;
  return extended < planned ? { phase: 'pending' as const, extend: true } : plain('inconclusive');
}

/** `few`: there are data, and more of them would do. */
function withoutData(input: JudgeInput, metric: Metric | undefined, few: boolean) {
  switch (metric?.onNoData) {
    case 'pass':
      return plain(settled(input));
    case 'fail':
      return plain('failed');
    case 'extend': {
      const used = input.extended ?? input.blindLooks;
      const more = input.last && used < input.analysis.extensions;
      return more ? { phase: 'pending' as const, extend: true } : plain('inconclusive');
    }
    default:
      return few ? prolonged(input) : plain('inconclusive');
  }
}

/** The class of the side of a reading that is not fit; `ok` when both are. */
export function readingClass(input: JudgeInput, metric: string): string {
  const reading = input.readings.find((one) => one.metric === metric);
  if (reading === undefined) return 'ok';
  return reading.candidate.class === 'ok' ? reading.stable.class : reading.candidate.class;
}
