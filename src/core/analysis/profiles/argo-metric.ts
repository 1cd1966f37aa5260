import { z } from 'zod';

/** Conditions and limits of one metric, named as in an Argo Rollouts AnalysisTemplate. */
export const ArgoMetric = z.strictObject({
  /** Expressions over `result`, the candidate's newest value. */
  successCondition: z.string().optional(),
  failureCondition: z.string().optional(),
  /** Measurements to take; absent: as many as there are looks. */
  count: z.number().int().nonnegative().optional(),
  /** Failed measurements beyond this end the run as failed; -1 turns the limit off. */
  failureLimit: z.number().int().default(0),
  inconclusiveLimit: z.number().int().default(0),
  /** Errors in a row beyond this end the run as errored. */
  consecutiveErrorLimit: z.number().int().default(4),
  /** Successes in a row that end the metric as successful; 0 is off. */
  consecutiveSuccessLimit: z.number().int().default(0),
});
export type ArgoMetric = z.infer<typeof ArgoMetric>;
