import { z } from 'zod';
import { Analysis } from '#core/analysis/metric.ts';
import { ok, type Result } from '#core/result.ts';
import { type Imported, unreadable } from './imported.ts';
import { metricName } from './metric-names.ts';

const CanarySettings = z.looseObject({
  direction: z.enum(['increase', 'decrease', 'either']).default('either'),
  nanStrategy: z.enum(['remove', 'replace']).default('remove'),
  critical: z.boolean().default(false),
  mustHaveData: z.boolean().default(false),
  muted: z.boolean().default(false),
  outliers: z
    .looseObject({
      strategy: z.enum(['keep', 'remove']).default('keep'),
      outlierFactor: z.number().positive().default(3),
    })
    .prefault({}),
  effectSize: z
    .looseObject({
      measure: z.enum(['meanRatio', 'cles']).default('meanRatio'),
      allowedIncrease: z.number().optional(),
      allowedDecrease: z.number().optional(),
      criticalIncrease: z.number().optional(),
      criticalDecrease: z.number().optional(),
    })
    .prefault({}),
});

/** As much of a Kayenta canary config as the judge needs. */
const CanaryConfig = z.looseObject({
  metrics: z
    .array(
      z.looseObject({
        name: z.string(),
        query: z.record(z.string(), z.json()).default({}),
        groups: z.array(z.string()).default([]),
        analysisConfigurations: z.looseObject({ canary: CanarySettings.prefault({}) }).prefault({}),
      }),
    )
    .min(1),
  classifier: z
    .looseObject({
      groupWeights: z.record(z.string(), z.number()).default({}),
      scoreThresholds: z.looseObject({ pass: z.number(), marginal: z.number() }).optional(),
    })
    .prefault({}),
  judge: z.looseObject({ name: z.string() }).optional(),
});

/**
 * Reads a Kayenta canary config (the JSON object) into an analysis of the profile `netflix-aca`.
 * Queries are taken over as they stand: the source that is named must know their form.
 * Refusal: `import.unreadable`.
 */
export function importKayenta(form: unknown, source: string): Result<Imported> {
  const read = CanaryConfig.safeParse(form);
  if (!read.success) return unreadable('Kayenta canary config', read.error);
  const config = read.data;
  const taken = new Set<string>();
  const metrics = config.metrics.map((metric) => {
    const settings = metric.analysisConfigurations.canary;
    const { outliers, effectSize } = settings;
    return {
      name: metricName(metric.name, taken),
      type: 'gauge',
      query: metric.query,
      critical: settings.critical,
      dryRun: settings.muted,
      group: metric.groups[0] ?? 'default',
      aca: {
        direction: settings.direction,
        nanStrategy: settings.nanStrategy,
        outliers: { strategy: outliers.strategy, outlierFactor: outliers.outlierFactor },
        mustHaveData: settings.mustHaveData,
        effectSize: {
          measure: effectSize.measure,
          allowedIncrease: effectSize.allowedIncrease,
          allowedDecrease: effectSize.allowedDecrease,
          criticalIncrease: effectSize.criticalIncrease,
          criticalDecrease: effectSize.criticalDecrease,
        },
        ...(metric.groups.length > 0 ? { groups: metric.groups } : {}),
      },
    };
  });
  const thresholds = config.classifier.scoreThresholds;
  const analysis = Analysis.safeParse({
    source,
    profile: 'netflix-aca',
    // Kayenta has no minimum; it warns below 50 points.
    minimum: { points: 1 },
    metrics,
    score: {
      groups: config.classifier.groupWeights,
      ...(thresholds === undefined ? {} : { pass: thresholds.pass, marginal: thresholds.marginal }),
    },
  });
  if (!analysis.success) return unreadable('Kayenta canary config', analysis.error);
  return ok({ analysis: analysis.data, remarks: remarksOn(config) });
}

function remarksOn(config: z.infer<typeof CanaryConfig>): readonly string[] {
  const judge = config.judge?.name;
  const types = new Set(
    config.metrics.flatMap(({ query }) => (typeof query['type'] === 'string' ? query['type'] : [])),
  );
  return [
    ...(judge === undefined || judge.startsWith('NetflixACAJudge')
      ? []
      : [`The config names the judge ${judge}; it will be judged as NetflixACAJudge-v1.0.`]),
    ...(config.classifier.scoreThresholds === undefined
      ? ['No score thresholds are set; 95 to pass and 75 for marginal are used.']
      : []),
    ...[...types].map((type) => `Queries are of type ${type}: check that the source reads them.`),
    'Under this profile two points per side can turn a release back: 50 or more per metric are advised.',
  ];
}
