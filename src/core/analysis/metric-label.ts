import type { MetricVerdict } from './verdict.ts';

/** The name of a metric as people read it, with the targets it was measured at where there are several. */
export function labelOf({ metric, of }: Pick<MetricVerdict, 'metric' | 'of'>): string {
  return of === undefined ? metric : `${metric} on ${of.join(', ')}`;
}

/** Whether two verdicts speak of the same metric at the same targets. */
export function isSameMetric(
  a: Pick<MetricVerdict, 'metric' | 'of'>,
  b: Pick<MetricVerdict, 'metric' | 'of'>,
): boolean {
  return labelOf(a) === labelOf(b);
}
