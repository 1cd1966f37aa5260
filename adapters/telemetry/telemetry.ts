import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Telemetry } from '#ports/telemetry.ts';
import type { MetricDeclaration } from './metrics.ts';

type Labels = Readonly<Record<string, string>>;

export interface PrometheusTelemetry {
  readonly telemetry: Telemetry;
  /** The metrics in Prometheus' text format. `collect` runs before each, to set gauges. */
  exposition(): Promise<string>;
  readonly contentType: string;
}

/**
 * Counts with prom-client in a registry of its own, under names that begin with `signalbox_`.
 * @throws Error when a metric is not declared, is of another kind, or has other labels: a bug.
 */
export function createTelemetry(options: {
  readonly metrics: Readonly<Record<string, MetricDeclaration>>;
  /** Sets gauges that nobody keeps up to date, just before they are read. */
  readonly collect?: (telemetry: Telemetry) => Promise<void>;
}): PrometheusTelemetry {
  const registry = new Registry();
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  const histograms = new Map<string, Histogram>();
  for (const [name, declared] of Object.entries(options.metrics)) {
    const common = {
      name: `signalbox_${name}`,
      help: declared.help,
      labelNames: [...(declared.labels ?? [])],
      registers: [registry],
    };
    if (declared.kind === 'counter') counters.set(name, new Counter(common));
    else if (declared.kind === 'gauge') gauges.set(name, new Gauge(common));
    else {
      const buckets = [...(declared.buckets ?? [])];
      histograms.set(name, new Histogram({ ...common, buckets }));
    }
  }

  const telemetry: Telemetry = {
    count: (name, labels = {}, by = 1) => {
      known(counters, name, labels).inc(labels, by);
    },
    gauge: (name, value, labels = {}) => {
      known(gauges, name, labels).set(labels, value);
    },
    observe: (name, seconds, labels = {}) => {
      known(histograms, name, labels).observe(labels, seconds);
    },
  };

  function known<Metric>(kind: ReadonlyMap<string, Metric>, name: string, labels: Labels): Metric {
    const metric = kind.get(name);
    if (metric === undefined) throw new Error(`No metric ${name} of this kind is declared`);
    const wanted = options.metrics[name]?.labels ?? [];
    const complete = wanted.every((label) => label in labels);
    if (!complete || Object.keys(labels).length !== wanted.length) {
      throw new Error(`The labels of metric ${name} are ${wanted.join(', ') || 'none'}`);
    }
    return metric;
  }

  async function exposition(): Promise<string> {
    await options.collect?.(telemetry);
    return registry.metrics();
  }

  return { telemetry, exposition, contentType: registry.contentType };
}
