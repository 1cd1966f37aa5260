import type { Metric } from '#core/analysis/metric.ts';
import type { Reading } from '#core/analysis/reading.ts';
import type { Instant } from '#core/ids.ts';
import type { Artifact } from '#core/release.ts';
import type { TargetRef } from './delivery-target.ts';

/** One metric on one side over one window, as samples of `stepSeconds` each. */
export interface MetricQuestion {
  readonly metric: Metric;
  readonly target: TargetRef;
  /** `baseline`: the fresh copy of stable; a source that cannot tell it apart takes stable. */
  readonly side: 'stable' | 'candidate' | 'baseline';
  readonly artifact: Artifact;
  readonly from: Instant;
  readonly to: Instant;
  readonly stepSeconds: number;
}

/** An alert that the source may itself evaluate, over a window. */
export interface ConditionQuestion {
  /** Name of the alert, and every label that it came with. */
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly from: Instant;
  readonly to: Instant;
  readonly stepSeconds: number;
}

/** Whether the condition of an alert held at an instant. */
export interface ConditionPoint {
  readonly at: Instant;
  readonly holds: boolean;
}

/**
 * Where measurements come from. What cannot be had is a class of the reading, never an exception:
 * a source that is down answers `provider_error`.
 */
export interface MetricsSource {
  read(question: MetricQuestion): Promise<Reading>;
  /** Remarks on a metric's query at plan time, one plain sentence each; empty when it is sound. */
  lint(metric: Metric): readonly string[];
  /**
   * When the condition of one of the source's own alerts held, waiting time (`for`) left out;
   * instants of which it knows nothing are left out. Null when it knows no such alert, or cannot
   * be asked. Absent where a source evaluates no alerts.
   */
  condition?(question: ConditionQuestion): Promise<readonly ConditionPoint[] | null>;
}
