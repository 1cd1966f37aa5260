import type { Instant } from '#core/ids.ts';
import type { MetricQuestion } from '#ports/metrics-source.ts';
import type { RangeWindow } from './api.ts';

/** Prometheus refuses more points than 11,000 in a series. */
const mostPoints = 10_000;

/**
 * The ends of the whole intervals of a question that can be read now, as a range to ask for; null
 * when there is none. An interval can be read when `settleSeconds` have passed since its end: asked
 * again, it says the same.
 */
export function readableIntervals(
  { from, to, stepSeconds }: Pick<MetricQuestion, 'from' | 'to' | 'stepSeconds'>,
  now: Instant,
  settleSeconds: number,
): RangeWindow | null {
  const stepMs = stepSeconds * 1000;
  const end = Math.min(to, now - settleSeconds * 1000);
  const whole = Math.floor((end - from) / stepMs);
  if (whole < 1) return null;
  const first = Math.max(1, whole - mostPoints + 1);
  return { from: from + first * stepMs, to: from + whole * stepMs, stepSeconds };
}
