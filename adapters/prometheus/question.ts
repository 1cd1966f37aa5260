import type { Metric } from '#core/analysis/metric.ts';
import { bucketRises, totalRise } from './counting.ts';
import { type Matchers, selectorOf } from './matchers.ts';
import type { PrometheusMetrics } from './options.ts';
import { fillPromql } from './promql-text.ts';
import { type ReadQuery, readQuery, type TemplateQuery } from './query.ts';
import { type RedTemplate, templates } from './templates.ts';
import { type Asked, placeholdersFor } from './values.ts';

/** What is asked for one metric on one side, as PromQL. */
export type Question =
  | { readonly kind: 'value'; readonly value: string; readonly traffic: string | null }
  | { readonly kind: 'ratio'; readonly bad: string; readonly total: string }
  | { readonly kind: 'count'; readonly events: string; readonly exposure: string | null }
  | { readonly kind: 'histogram'; readonly buckets: string; readonly scale: number }
  | {
      readonly kind: 'quantile';
      readonly buckets: string;
      readonly scale: number;
      readonly quantile: number;
    };

/** A question that can be sent, or one plain sentence that says why there is none. */
export type Made =
  | { readonly ok: true; readonly question: Question; readonly instant: boolean }
  | { readonly ok: false; readonly because: string };

/** Makes the question of a metric. What came from elsewhere is in it as quoted text only. */
export function makeQuestion(options: PrometheusMetrics, metric: Metric, asked: Asked): Made {
  const read = readQuery(metric);
  if (read.kind === 'unreadable') return { ok: false, because: read.because };
  const draft = read.kind === 'template' ? fromTemplate(metric, read.query, asked) : own(read);
  if (typeof draft === 'string') return { ok: false, because: draft };
  const window = read.kind === 'template' ? undefined : read.query.window;
  const placeholders = placeholdersFor(options, asked, window ?? asked.stepSeconds);
  const problems: string[] = [];
  const question = filled(draft, (promql) => {
    const done = fillPromql(promql, placeholders);
    if (done.ok) return done.text;
    problems.push(done.because);
    return '';
  });
  const [because] = problems;
  if (because !== undefined) return { ok: false, because: `${metric.name}: ${because}` };
  return { ok: true, question, instant: read.kind !== 'template' && read.query.instant };
}

/** The PromQL of a question, one text per thing that is asked. */
export function promqlOf(question: Question): readonly string[] {
  const texts: string[] = [];
  filled(question, (promql) => {
    texts.push(promql);
    return promql;
  });
  return texts;
}

function filled(question: Question, fill: (promql: string) => string): Question {
  const perhaps = (promql: string | null) => (promql === null ? null : fill(promql));
  switch (question.kind) {
    case 'value':
      return { ...question, value: fill(question.value), traffic: perhaps(question.traffic) };
    case 'ratio':
      return { ...question, bad: fill(question.bad), total: fill(question.total) };
    case 'count':
      return { ...question, events: fill(question.events), exposure: perhaps(question.exposure) };
    case 'histogram':
    case 'quantile':
      return { ...question, buckets: fill(question.buckets) };
  }
}

function own(read: Exclude<ReadQuery, { kind: 'template' | 'unreadable' }>): Question {
  switch (read.kind) {
    case 'value':
      return { kind: 'value', value: read.query.value, traffic: read.query.traffic ?? null };
    case 'ratio':
      return { kind: 'ratio', bad: read.query.bad, total: read.query.total };
    case 'count':
      return { kind: 'count', events: read.query.events, exposure: read.query.exposure ?? null };
    case 'histogram':
      return { kind: 'histogram', buckets: read.query.buckets, scale: 1 };
  }
}

function fromTemplate(metric: Metric, query: TemplateQuery, asked: Asked): Question | string {
  const template: RedTemplate = templates[query.template];
  const side = asked.side === 'baseline' ? 'stable' : asked.side;
  const where: Matchers = { ...template.where, ...template.sides?.[side], ...query.where };
  const requests = query.requests ?? template.requests;
  const total = totalRise(selectorOf(requests, where));
  const bad = totalRise(selectorOf(requests, where, query.failing ?? template.failing));
  switch (metric.type) {
    case 'ratio':
      return { kind: 'ratio', bad, total };
    case 'count':
      return query.of === 'errors'
        ? { kind: 'count', events: bad, exposure: total }
        : { kind: 'count', events: total, exposure: null };
    case 'histogram':
    case 'latency':
    case 'gauge': {
      const { metric: name, unit } = query.latency ?? template.latency;
      const scale = scaleBetween(unit, metric.unit);
      if (scale === null) {
        return `${metric.name}: ${query.template} gives latency: set its unit to milliseconds or seconds.`;
      }
      const buckets = bucketRises(selectorOf(`${name}_bucket`, where));
      if (metric.type === 'histogram') return { kind: 'histogram', buckets, scale };
      return { kind: 'quantile', buckets, scale, quantile: metric.quantile };
    }
  }
}

function scaleBetween(from: 'seconds' | 'milliseconds', to: Metric['unit']): number | null {
  if (to !== 'seconds' && to !== 'milliseconds') return null;
  if (from === to) return 1;
  return from === 'seconds' ? 1000 : 0.001;
}
