import type { Metric } from './metric.ts';
import { evidenceAboveRate, evidenceBelowRate } from './rate-evidence.ts';
import type { Reading } from './reading.ts';

/** Values in a row beyond the limit before it counts as crossed: one blip is not enough. */
const inARow = 2;

/**
 * True when the candidate alone is beyond its hard limit. Counts: the evidence that the rate is
 * beyond it, valid at every look. Values: the newest two in a row.
 */
export function limitCrossed(metric: Metric, candidate: Reading, alpha: number): boolean {
  const { limit } = metric;
  if (limit === undefined || candidate.class !== 'ok') return false;
  let events = 0;
  let exposure = 0;
  const values: number[] = [];
  for (const sample of candidate.samples) {
    if (sample.kind === 'ratio') {
      events += sample.bad;
      exposure += sample.total;
    } else if (sample.kind === 'count') {
      events += sample.events;
      exposure += sample.exposure;
    } else if (sample.kind === 'value') values.push(sample.value);
  }
  const down = metric.bad === 'down';
  if (exposure > 0) {
    const evidence = down ? evidenceBelowRate : evidenceAboveRate;
    return evidence(events, exposure, limit) >= Math.log(1 / alpha);
  }
  const newest = values.slice(-inARow);
  return (
    newest.length === inARow && newest.every((value) => (down ? value < limit : value > limit))
  );
}
