import { countAbove, countOf, histogramOf } from './histogram.ts';
import type { Metric } from './metric.ts';
import { evidenceAboveRate, evidenceBelowRate } from './rate-evidence.ts';
import type { Reading } from './reading.ts';

/**
 * True when the candidate alone is beyond its hard limit.
 * Values: the newest `limitRun` in a row are. Counts: the evidence that the rate is, valid at every
 * look. Histograms: the evidence that more requests are slower than the limit than the quantile
 * allows. Evidence must reach `needed` and is divided by `inefficiency`, as found in the comparison.
 */
export function limitCrossed(
  metric: Metric,
  candidate: Reading,
  needed: number,
  inefficiency: number,
): boolean {
  const { limit } = metric;
  if (limit === undefined || candidate.class !== 'ok') return false;
  const down = metric.bad === 'down';
  const values: number[] = [];
  let events = 0;
  let exposure = 0;
  let rate = limit;
  for (const sample of candidate.samples) {
    if (sample.kind === 'value') values.push(sample.value);
    else if (sample.kind === 'ratio') {
      events += sample.bad;
      exposure += sample.total;
    } else if (sample.kind === 'count') {
      events += sample.events;
      exposure += sample.exposure;
    } else {
      const histogram = histogramOf(sample);
      events += countAbove(histogram, limit);
      exposure += countOf(histogram);
      rate = 1 - metric.quantile;
    }
  }
  if (exposure > 0) {
    const evidence = down ? evidenceBelowRate : evidenceAboveRate;
    return evidence(events, exposure, rate) / inefficiency >= needed;
  }
  const newest = values.slice(-metric.limitRun);
  return (
    newest.length === metric.limitRun &&
    newest.every((value) => (down ? value < limit : value > limit))
  );
}
