import type { Metric } from './metric.ts';
import type { MetricVerdict } from './verdict.ts';

/** A value in the metric's unit, as people read it. */
export function formatValue(metric: Metric, value: number): string {
  if (metric.type === 'ratio') return `${round(value * 100)} %`;
  switch (metric.unit) {
    case 'percent':
      return `${round(value)} %`;
    case 'milliseconds':
      return `${round(value)} ms`;
    case 'seconds':
      return `${round(value)} s`;
    case 'perSecond':
      return `${round(value)}/s`;
    case 'bytes':
      return `${round(value)} B`;
    default:
      return round(value);
  }
}

function round(value: number): string {
  if (value === 0) return '0';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const text = value.toFixed(digits);
  return Number(text) === 0 ? value.toPrecision(1) : text.replace(/\.0+$/, '');
}

/** One plain sentence about what a metric shows. */
export function explain(metric: Metric, facts: MetricVerdict): string {
  const { stable, candidate } = facts;
  const sides = `${metric.name} is ${side(metric, candidate)} on the candidate against ${side(metric, stable)} on stable`;
  switch (facts.verdict) {
    case 'worse':
    case 'better':
      return `${sides}: ${facts.verdict}${percent(facts.relative)}.`;
    case 'same':
      return facts.detectable === null
        ? `${sides}: no difference seen.`
        : `${sides}: no difference seen; it could only see ${Math.round(facts.detectable * 100)} % or more.`;
    default:
      return `${sides}: too few data to say (${facts.because}).`;
  }
}

function percent(relative: number | null): string {
  if (relative === null) return '';
  return ` by ${Math.round(Math.abs(relative) * 100)} %`;
}

function side(metric: Metric, summary: MetricVerdict['stable']): string {
  if (summary.value === null) return 'unknown';
  const size = summary.requests ?? summary.points;
  const what = summary.requests === null ? 'points' : 'requests';
  return `${formatValue(metric, summary.value)} (${Math.round(size)} ${what})`;
}
