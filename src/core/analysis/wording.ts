import { formatQuantity, type Unit } from '#core/quantity.ts';
import type { Metric } from './metric.ts';

/** How a metric's numbers are written: shares of requests become per cent. */
export function unitOf(metric: Pick<Metric, 'type' | 'unit'>): {
  readonly unit: Unit;
  readonly factor: number;
} {
  return metric.type === 'ratio'
    ? { unit: 'percent', factor: 100 }
    : { unit: metric.unit, factor: 1 };
}

/** A value in the metric's unit. */
export function valueWords(metric: Pick<Metric, 'type' | 'unit'>, value: number): string {
  const { unit, factor } = unitOf(metric);
  return formatQuantity(value * factor, unit);
}

/** A difference in the metric's unit, with its sign. */
export function differenceWords(metric: Pick<Metric, 'type' | 'unit'>, value: number): string {
  const sign = value < 0 ? '−' : '+';
  if (metric.type !== 'ratio') return `${sign}${valueWords(metric, Math.abs(value))}`;
  const points = formatQuantity(Math.abs(value) * 100, 'number');
  return `${sign}${points} ${points === '1' ? 'point' : 'points'}`;
}

/** `at most 1 in 4,800`: how rarely evidence (a logarithm) this strong comes without a cause. */
export function chanceWords(evidence: number): string {
  if (evidence > Math.log(1e6)) return 'less than 1 in a million';
  const odds = Math.floor(Math.exp(evidence) + 1e-6);
  const digits = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, odds))) - 1);
  return `at most 1 in ${countWords(Math.floor(odds / digits) * digits)}`;
}

/** `12,345`, whole. */
export function countWords(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
