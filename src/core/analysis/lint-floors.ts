import type { Metric } from './metric.ts';

/** Remarks on effect floors: without them any difference that can be measured turns a release back. */
export function floorRemarks(metric: Metric): readonly string[] {
  const { relative, absolute } = metric.floor;
  if (relative === 0 && absolute === 0) {
    return [
      `${metric.name} has no effect floor: a difference too small to matter will turn a release back once there is enough traffic.`,
    ];
  }
  const needsAbsolute = metric.type === 'ratio' || metric.type === 'latency';
  if (!needsAbsolute || absolute > 0) return [];
  return [
    `${metric.name} has no absolute floor: with a good stable, ${Math.round(relative * 100)} % of almost nothing counts as harm. Set floor.absolute in the metric's unit.`,
  ];
}
