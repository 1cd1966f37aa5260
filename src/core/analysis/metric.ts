import { z } from 'zod';
import { Duration } from '#core/duration-setting.ts';

/**
 * One metric to judge by. `source` names a metrics source of the settings; `query` is read by
 * that source's own schema (a template name, a PromQL text with typed placeholders ...).
 */
export const Metric = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
  /** Decides the test: rank test, exact test on counts, Poisson test, or histogram. */
  type: z.enum(['gauge', 'latency', 'ratio', 'count', 'histogram']),
  unit: z
    .enum(['percent', 'milliseconds', 'seconds', 'count', 'perSecond', 'bytes', 'number'])
    .default('number'),
  source: z.string().optional(),
  query: z.record(z.string(), z.json()).default({}),
  /** The direction that is bad. */
  bad: z.enum(['up', 'down', 'either']).default('up'),
  /** A failing critical metric fails the whole. */
  critical: z.boolean().default(false),
  /** Measured and shown, never counted. */
  dryRun: z.boolean().default(false),
  group: z.string().default('default'),
  weight: z.number().positive().default(1),
  /** Both must be exceeded before a difference counts. `absolute` in the metric's unit (ratios: 0.01 is one point). */
  floor: z
    .strictObject({
      relative: z.number().nonnegative().default(0.1),
      absolute: z.number().nonnegative().default(0),
    })
    .prefault({}),
  /** A hard limit on the candidate alone that may abort at once, in the metric's unit. */
  limit: z.number().optional(),
  /** What missing data means after `extend` is used up: inconclusive unless said otherwise. */
  onNoData: z.enum(['inconclusive', 'pass', 'fail', 'extend']).default('inconclusive'),
});
export type Metric = z.infer<typeof Metric>;

/** A set of metrics and how they are combined: named in `analyses` of the settings. */
export const Analysis = z.strictObject({
  source: z.string(),
  metrics: z.array(Metric).min(1),
  /** Length of one sample; as long as the time between looks when absent. */
  step: Duration.optional(),
  /** How often to look. */
  every: Duration.default(15),
  /** The promised chance of a false alarm over the whole analysis, for all metrics together. */
  alpha: z.number().positive().max(0.5).default(0.02),
  /** Requests (or points) per side before anything is said. */
  minimum: z
    .strictObject({ points: z.number().int().default(10), requests: z.number().int().default(100) })
    .prefault({}),
  /** Looks in a row without usable data before the release pauses. */
  patience: z.number().int().positive().default(5),
  /** Which verdict rules apply: our own, or a compatible profile. */
  profile: z.enum(['signalbox', 'netflix-aca', 'argo']).default('signalbox'),
});
export type Analysis = z.infer<typeof Analysis>;
