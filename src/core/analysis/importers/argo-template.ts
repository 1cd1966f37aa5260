import { z } from 'zod';
import { Analysis } from '#core/analysis/metric.ts';
import { parseCondition } from '#core/analysis/profiles/condition.ts';
import { parseDuration } from '#core/duration.ts';
import { ok, type Result } from '#core/result.ts';
import { type Imported, unreadable } from './imported.ts';
import { metricName } from './metric-names.ts';

/** Argo writes whole numbers as numbers or as text. */
const Whole = z.union([
  z.number().int(),
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number),
]);

/** As much of an AnalysisTemplate or ClusterAnalysisTemplate as the judge needs. */
const Template = z.looseObject({
  kind: z.enum(['AnalysisTemplate', 'ClusterAnalysisTemplate']),
  spec: z.looseObject({
    dryRun: z.array(z.looseObject({ metricName: z.string() })).default([]),
    metrics: z
      .array(
        z.looseObject({
          name: z.string(),
          interval: z.string().optional(),
          initialDelay: z.string().optional(),
          count: Whole.optional(),
          successCondition: z.string().optional(),
          failureCondition: z.string().optional(),
          failureLimit: Whole.optional(),
          inconclusiveLimit: Whole.optional(),
          consecutiveErrorLimit: Whole.optional(),
          consecutiveSuccessLimit: Whole.optional(),
          provider: z.record(z.string(), z.json()).default({}),
        }),
      )
      .min(1),
  }),
});
type Template = z.infer<typeof Template>;
type TemplateMetric = Template['spec']['metrics'][number];

/**
 * Reads an AnalysisTemplate (the object of its YAML) into an analysis of the profile `argo`. A
 * metric with a condition that is not understood becomes a dry run, and is named in the remarks.
 * Refusal: `import.unreadable`.
 */
export function importArgo(form: unknown, source: string): Result<Imported> {
  const read = Template.safeParse(form);
  if (!read.success) return unreadable('AnalysisTemplate', read.error);
  const { spec } = read.data;
  const taken = new Set<string>();
  const dry = spec.dryRun.map((one) => new RegExp(`^(?:${safePattern(one.metricName)})$`));
  const intervals = spec.metrics.flatMap((metric) => parseDuration(metric.interval ?? '') ?? []);
  const analysis = Analysis.safeParse({
    source,
    profile: 'argo',
    ...(intervals.length === 0 ? {} : { every: Math.min(...intervals) }),
    metrics: spec.metrics.map((metric) => ({
      name: metricName(metric.name, taken),
      type: 'gauge',
      query: queryOf(metric),
      dryRun: dry.some((pattern) => pattern.test(metric.name)) || !understood(metric),
      argo: {
        successCondition: metric.successCondition,
        failureCondition: metric.failureCondition,
        count: metric.count,
        failureLimit: metric.failureLimit,
        inconclusiveLimit: metric.inconclusiveLimit,
        consecutiveErrorLimit: metric.consecutiveErrorLimit,
        consecutiveSuccessLimit: metric.consecutiveSuccessLimit,
      },
    })),
  });
  if (!analysis.success) return unreadable('AnalysisTemplate', analysis.error);
  return ok({ analysis: analysis.data, remarks: spec.metrics.flatMap(remarksOn) });
}

/** Argo takes names with `*` for any text here; everything else is taken literally. */
function safePattern(name: string): string {
  return name.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
}

function queryOf(metric: TemplateMetric): Readonly<Record<string, unknown>> {
  const [provider, settings] = Object.entries(metric.provider)[0] ?? [];
  if (provider === undefined) return {};
  const members = typeof settings === 'object' && settings !== null && !Array.isArray(settings);
  return { provider, ...(members ? settings : {}) };
}

function understood(metric: TemplateMetric): boolean {
  return [metric.successCondition, metric.failureCondition].every(
    (text) => text === undefined || parseCondition(text) !== null,
  );
}

function remarksOn(metric: TemplateMetric): readonly string[] {
  const query = JSON.stringify(metric.provider);
  const none = metric.successCondition === undefined && metric.failureCondition === undefined;
  return [
    ...(understood(metric)
      ? []
      : [`${metric.name}: its condition is not understood; it is measured and not counted.`]),
    ...(none ? [`${metric.name} has no condition: every measurement is successful.`] : []),
    ...(query.includes('{{') ? [`${metric.name} uses arguments: fill them in in its query.`] : []),
    ...(metric.initialDelay === undefined
      ? []
      : [
          `${metric.name} waits ${metric.initialDelay} first: put a bake step before the analysis.`,
        ]),
    ...(metric.provider['prometheus'] === undefined
      ? [`${metric.name} is not read from Prometheus: check that the source reads its query.`]
      : []),
  ];
}
