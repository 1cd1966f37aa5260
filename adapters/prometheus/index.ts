import type { Clock } from '#ports/clock.ts';
import type { MetricsSource } from '#ports/metrics-source.ts';
import { createApi } from './api.ts';
import { createFiles } from './files.ts';
import { createPrometheusMetrics } from './metrics-source.ts';
import type { PrometheusMetrics } from './options.ts';
import type { PrometheusSecrets } from './secrets.ts';
import { createTransport } from './transport.ts';

export { examineMetrics, type MetricCase } from './doctor.ts';
export { metricProblems } from './lint.ts';
export { PrometheusMetrics } from './options.ts';
export { type PrometheusSecrets, prometheusSecrets } from './secrets.ts';

/** A metrics source on Prometheus or whatever speaks its HTTP API. */
export interface Prometheus {
  readonly source: MetricsSource;
  /** How far its clock is ahead of ours, in milliseconds. @throws Fault when it does not answer */
  clockAhead(): Promise<number | null>;
  close(): void;
}

/** Connects with the first question. */
export function createPrometheus(setup: {
  readonly options: PrometheusMetrics;
  readonly secrets: PrometheusSecrets;
  readonly clock: Clock;
}): Prometheus {
  const { options, secrets, clock } = setup;
  const transport = createTransport(options, secrets, createFiles());
  const api = createApi(transport, options.params, options.timeout);
  return {
    source: createPrometheusMetrics(options, api, clock),
    clockAhead: () => api.clockAhead(options.url, clock.now),
    close: transport.close,
  };
}
