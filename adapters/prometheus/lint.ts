import type { Metric } from '#core/analysis/metric.ts';
import type { PrometheusMetrics } from './options.ts';
import { readQuery } from './query.ts';
import { makeQuestion } from './question.ts';
import { valueProblems } from './values.ts';

/** Anything goes that has the form: only the query itself is looked at. */
const example = {
  target: { target: 'target', service: 'service', environment: 'environment' },
  artifact: { service: 'service', version: 'v1', digest: `sha256:${'0'.repeat(64)}` },
  stepSeconds: 15,
} as const;

/** What keeps a metric from being asked, one plain sentence each; empty when it can be. */
export function metricProblems(options: PrometheusMetrics, metric: Metric): readonly string[] {
  const problems = [...valueProblems(options)];
  const targets = ['', ...Object.keys(options.targets)];
  for (const target of targets) {
    for (const side of ['stable', 'candidate'] as const) {
      const asked = { ...example, target: { ...example.target, target }, side };
      const made = makeQuestion(options, metric, asked);
      if (!made.ok) problems.push(made.because);
    }
  }
  return [...new Set(problems)];
}

/** The same, and remarks on what can be asked and says less than it seems to. */
export function lintMetric(options: PrometheusMetrics, metric: Metric): readonly string[] {
  const problems = metricProblems(options, metric);
  if (problems.length > 0) return problems;
  const read = readQuery(metric);
  if (read.kind !== 'value' && read.kind !== 'ratio' && read.kind !== 'count') return [];
  const texts = Object.values(read.query).filter((part) => typeof part === 'string');
  const whole = texts.join(' ');
  const remarks: string[] = [];
  if (read.kind !== 'value' && /\bi?rate\s*\(/.test(whole)) {
    remarks.push(
      `${metric.name} asks for rates, but the judge counts: use increase(…[{{window}}]) or a template.`,
    );
  }
  if (!/\{\{\s*(?:side|version|digest|workload|[a-zA-Z]\w*)\s*\}\}/.test(whole)) {
    remarks.push(`${metric.name} has no placeholder: both sides are asked the same.`);
  }
  const ownWindow = read.query.window ?? null;
  if (ownWindow !== null && metric.memory < ownWindow) {
    remarks.push(
      `${metric.name} sets a window: set memory to it, since intervals share data then.`,
    );
  }
  return remarks;
}
