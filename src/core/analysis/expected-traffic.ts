import type { Metric } from './metric.ts';
import type { Reading, Sample } from './reading.ts';

/** What a metric of stable is expected to look like, for telling beforehand what can be seen. */
export interface ExpectedTraffic {
  /** Of stable with all of the traffic; exposure per second for counts. */
  readonly requestsPerSecond: number;
  /** Share of stable's requests that fail; events per unit of exposure for counts. */
  readonly badShare: number;
  /** How much a gauge or a p95 moves from interval to interval: standard deviation over mean. */
  readonly spread: number;
}

/** Intervals below which nothing is expected. */
const fewest = 4;

/**
 * What stable showed lately, as what to expect of it. Null where it says too little. Half an event
 * is added, so that a service without errors is not expected never to have any.
 */
export function expectedFrom(
  metric: Metric,
  reading: Reading,
  stepSeconds: number,
): ExpectedTraffic | null {
  const { samples } = reading;
  if (reading.class !== 'ok' || samples.length < fewest) return null;
  const seconds = samples.length * stepSeconds;
  const sums = { events: 0, trials: 0 };
  const values: number[] = [];
  for (const sample of samples) addTo(sums, values, metric, sample);
  if (values.length >= fewest)
    return { requestsPerSecond: 0, badShare: 0, spread: spreadOf(values) };
  if (!(sums.trials > 0)) return null;
  return {
    requestsPerSecond: sums.trials / seconds,
    badShare: (sums.events + 0.5) / (sums.trials + 0.5),
    spread: 0,
  };
}

function addTo(
  sums: { events: number; trials: number },
  values: number[],
  metric: Metric,
  sample: Sample,
): void {
  switch (sample.kind) {
    case 'value':
      if (Number.isFinite(sample.value)) values.push(sample.value);
      return;
    case 'ratio':
      sums.events += sample.bad;
      sums.trials += sample.total;
      return;
    case 'count':
      sums.events += sample.events;
      sums.trials += sample.exposure;
      return;
    case 'histogram':
      for (const count of sample.counts) sums.trials += count;
      sums.events = sums.trials * (1 - metric.quantile);
  }
}

/** From the quartiles, so that a stall or two do not count; 1.349 of them are a standard deviation. */
function spreadOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const quartile = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
  const middle = Math.abs(quartile(0.5));
  if (middle === 0) return 1;
  return Math.max(0.01, (quartile(0.75) - quartile(0.25)) / 1.349 / middle);
}
