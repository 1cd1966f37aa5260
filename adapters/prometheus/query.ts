import { z } from 'zod';
import type { Metric } from '#core/analysis/metric.ts';
import { Duration } from '#core/duration-setting.ts';
import { Matchers, MetricName } from './matchers.ts';
import { type TemplateName, templateNames } from './templates.ts';

const Promql = z.string().min(1).max(20_000);
const window = Duration.optional().describe('What {{window}} is, when not one interval.');
const instant = z
  .boolean()
  .default(false)
  .describe('Asked once, for the newest interval, instead of for all of them.');

/** One of the usual sources of requests, errors and durations. */
const TemplateQuery = z.strictObject({
  template: z.custom<TemplateName>((name) => templateNames.includes(String(name)), {
    message: `one of ${templateNames.join(', ')}`,
  }),
  where: Matchers.default({}).describe('More labels, or other values for those of the template.'),
  failing: Matchers.optional().describe('What counts as failed, instead of what the template has.'),
  requests: MetricName.optional().describe('Another counter of requests.'),
  latency: z
    .strictObject({ metric: MetricName, unit: z.enum(['seconds', 'milliseconds']) })
    .optional()
    .describe('Another histogram, without its ending _bucket.'),
  of: z
    .enum(['requests', 'errors'])
    .default('requests')
    .describe('For a count: what is counted; errors are counted per request.'),
});
export type TemplateQuery = z.infer<typeof TemplateQuery>;

/** PromQL of one's own, in the form that the type of the metric needs. */
const ValueQuery = z.strictObject({ value: Promql, traffic: Promql.optional(), window, instant });
const RatioQuery = z.strictObject({ bad: Promql, total: Promql, window, instant });
const CountQuery = z.strictObject({
  events: Promql,
  exposure: Promql.optional(),
  window,
  instant,
});
const HistogramQuery = z.strictObject({ buckets: Promql, window, instant });

/** What the importer of Argo's analyses leaves. */
const ArgoQuery = z
  .looseObject({ provider: z.literal('prometheus'), query: Promql })
  .transform(({ query }) => ({ value: query, instant: false }));

/** What a metric asks, or a sentence that says why that is no question. */
export type ReadQuery =
  | { readonly kind: 'template'; readonly query: TemplateQuery }
  | { readonly kind: 'value'; readonly query: z.infer<typeof ValueQuery> }
  | { readonly kind: 'ratio'; readonly query: z.infer<typeof RatioQuery> }
  | { readonly kind: 'count'; readonly query: z.infer<typeof CountQuery> }
  | { readonly kind: 'histogram'; readonly query: z.infer<typeof HistogramQuery> }
  | { readonly kind: 'unreadable'; readonly because: string };

const forms = {
  value: '{ value: PROMQL }',
  ratio: '{ bad: PROMQL, total: PROMQL }',
  count: '{ events: PROMQL }, and exposure when it is not seconds',
  histogram: '{ buckets: PROMQL }',
} as const;

/** Reads the query of a metric in the form that its type needs. */
export function readQuery(metric: Metric): ReadQuery {
  const { query } = metric;
  if ('template' in query) {
    const read = TemplateQuery.safeParse(query);
    return read.success
      ? { kind: 'template', query: read.data }
      : unreadable(metric, read.error, 'a template');
  }
  switch (metric.type) {
    case 'gauge':
    case 'latency': {
      const read = z.union([ValueQuery, ArgoQuery]).safeParse(query);
      if (read.success) return { kind: 'value', query: { ...read.data } };
      return unreadable(metric, ValueQuery.safeParse(query).error ?? read.error, forms.value);
    }
    case 'ratio': {
      const read = RatioQuery.safeParse(query);
      if (read.success) return { kind: 'ratio', query: read.data };
      return unreadable(metric, read.error, forms.ratio);
    }
    case 'count': {
      const read = CountQuery.safeParse(query);
      if (read.success) return { kind: 'count', query: read.data };
      return unreadable(metric, read.error, forms.count);
    }
    case 'histogram': {
      const read = HistogramQuery.safeParse(query);
      if (read.success) return { kind: 'histogram', query: read.data };
      return unreadable(metric, read.error, forms.histogram);
    }
  }
}

function unreadable(metric: Metric, error: z.ZodError, form: string): ReadQuery {
  const issues = error.issues.slice(0, 3).map(({ path, message }) => {
    return path.length === 0 ? message : `${path.join('.')}: ${message}`;
  });
  const because = `The query of ${metric.name} (${metric.type}) should be ${form}. ${issues.join('; ')}.`;
  return { kind: 'unreadable', because };
}
