import {
  createPrometheus,
  type Prometheus,
  PrometheusMetrics,
  type PrometheusSecrets,
} from '#adapters/prometheus/index.ts';
import { canonicalJson } from '#core/canonical.ts';
import type { Settings } from '#core/settings/settings.ts';
import type { Clock } from '#ports/clock.ts';

/** The metrics sources of the settings whose adapter is `prometheus`. */
export interface Prometheuses {
  /** Null where another adapter has that name. */
  named(name: string): Prometheus | null;
  /** From now on as these settings say; connections whose options stay the same stay open. */
  reconfigure(settings: Settings): void;
  close(): void;
}

/** Makes each at its first use. */
export function createPrometheuses(
  first: Settings,
  secrets: PrometheusSecrets,
  clock: Clock,
): Prometheuses {
  let settings = first;
  const made = new Map<string, { readonly mark: string; readonly prometheus: Prometheus }>();

  function optionsOf(name: string): PrometheusMetrics | null {
    const entry = settings.metrics[name];
    return entry?.adapter === 'prometheus' ? PrometheusMetrics.parse(entry.options) : null;
  }

  return {
    named(name) {
      const known = made.get(name);
      if (known !== undefined) return known.prometheus;
      const options = optionsOf(name);
      if (options === null) return null;
      const prometheus = createPrometheus({ options, secrets, clock });
      made.set(name, { mark: canonicalJson(options), prometheus });
      return prometheus;
    },
    reconfigure(next) {
      settings = next;
      for (const [name, { mark, prometheus }] of made) {
        const options = optionsOf(name);
        if (options !== null && canonicalJson(options) === mark) continue;
        prometheus.close();
        made.delete(name);
      }
    },
    close() {
      for (const { prometheus } of made.values()) prometheus.close();
      made.clear();
    },
  };
}
