import type { MetricVerdict, RunPhase } from './verdict.ts';

/** One plain sentence for a look: the metric that decided, or how the whole stands. */
export function summarise(
  phase: RunPhase,
  extend: boolean,
  counted: readonly MetricVerdict[],
): string {
  const limit = counted.find((metric) => metric.limitCrossed);
  if (limit !== undefined) return `${limit.metric} is beyond its hard limit. ${limit.explanation}`;
  const worse = strongest(counted.filter((metric) => metric.verdict === 'worse'));
  if (worse !== undefined) return `${worse.metric} is worse. ${worse.explanation}`;
  const unclear = counted.find(({ verdict }) => verdict === 'unclear');
  const more = extend ? ' One more look is added.' : '';
  if (unclear !== undefined) {
    return `${unclear.metric} is not clear. ${unclear.explanation}${more}`;
  }
  const lacking = counted.filter(
    ({ verdict }) => verdict !== 'same' && verdict !== 'better' && verdict !== 'worse',
  );
  const first = lacking[0];
  if (first === undefined) return sound(phase, counted);
  const others = lacking.length === 1 ? '' : ` ${lacking.length - 1} more lack data.`;
  return `${first.metric}: ${lowerFirst(first.explanation)}${others}${more}`;
}

function sound(phase: RunPhase, counted: readonly MetricVerdict[]): string {
  const [only] = counted;
  const names =
    counted.length === 1 && only !== undefined ? only.metric : `${counted.length} metrics`;
  if (phase === 'successful') return `No harm found in ${names}.`;
  return `No harm found in ${names} so far.`;
}

/** The one with the most evidence for what it needed. */
function strongest(metrics: readonly MetricVerdict[]): MetricVerdict | undefined {
  return metrics.toSorted((a, b) => weightOf(b) - weightOf(a))[0];
}

function weightOf(metric: MetricVerdict): number {
  const { detail } = metric;
  return (metric.critical ? 1e6 : 0) + (detail === undefined ? 0 : detail.evidence - detail.needed);
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
