import { z } from 'zod';

/** What the `netflix-aca` profile knows of a metric, named as in a Kayenta canary config. */
export const AcaMetric = z.strictObject({
  direction: z.enum(['increase', 'decrease', 'either']).default('either'),
  /** What becomes of values that are no numbers. */
  nanStrategy: z.enum(['remove', 'replace']).default('remove'),
  outliers: z
    .strictObject({
      strategy: z.enum(['keep', 'remove']).default('keep'),
      outlierFactor: z.number().positive().default(3),
    })
    .prefault({}),
  /** No data on a side counts against the canary although the metric is not critical. */
  mustHaveData: z.boolean().default(false),
  effectSize: z
    .strictObject({
      measure: z.enum(['meanRatio', 'cles']).default('meanRatio'),
      /** Absent: 1 for the ratio of means, 0.5 for the common language effect size. */
      allowedIncrease: z.number().optional(),
      allowedDecrease: z.number().optional(),
      criticalIncrease: z.number().optional(),
      criticalDecrease: z.number().optional(),
    })
    .prefault({}),
  /** All groups that the metric counts in; absent: the metric's own group. */
  groups: z.array(z.string()).optional(),
});
export type AcaMetric = z.infer<typeof AcaMetric>;
