import { z } from 'zod';
import { MetricType, MetricUnit } from '#core/analysis/metric-type.ts';
import { AcaMetric } from '#core/analysis/profiles/aca-metric.ts';
import { ArgoMetric } from '#core/analysis/profiles/argo-metric.ts';
import { Duration } from '#core/duration-setting.ts';

/**
 * One metric to judge by. `source` names a metrics source of the settings; `query` is read by
 * that source's own schema (a template name, a PromQL text with typed placeholders ...).
 */
export const Metric = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
  type: MetricType.describe(
    'Decides the test: rank test, exact test on counts, Poisson test, or histogram.',
  ),
  unit: MetricUnit.default('number'),
  source: z.string().optional().describe('Instead of the source of the analysis.'),
  query: z
    .record(z.string(), z.json())
    .default({})
    .describe('What is asked; read by the source with its own schema.'),
  bad: z.enum(['up', 'down', 'either']).default('up').describe('The direction that is bad.'),
  critical: z.boolean().default(false).describe('A failing critical metric fails the whole.'),
  dryRun: z.boolean().default(false).describe('Measured and shown, never counted.'),
  group: z.string().default('default'),
  weight: z.number().positive().default(1),
  floor: z
    .strictObject({
      relative: z.number().nonnegative().default(0.1),
      absolute: z.number().nonnegative().default(0),
    })
    .prefault({})
    .describe(
      "Both must be exceeded before a difference counts. `absolute` in the metric's unit (ratios: 0.01 is one point).",
    ),
  limit: z
    .number()
    .optional()
    .describe("A hard limit on the candidate alone that may abort at once, in the metric's unit."),
  limitRun: z
    .number()
    .int()
    .positive()
    .default(2)
    .describe(
      'Values in a row beyond `limit` before it counts as crossed. Counts need evidence instead.',
    ),
  quantile: z.number().gt(0).lt(1).default(0.95).describe('Histograms: the quantile to watch.'),
  memory: Duration.prefault(0).describe(
    'How long a value remembers: set it when a query covers more than one interval.',
  ),
  aca: AcaMetric.optional().describe('Settings for the profile `netflix-aca`.'),
  argo: ArgoMetric.optional().describe('Conditions and limits for the profile `argo`.'),
  onNoData: z
    .enum(['inconclusive', 'pass', 'fail', 'extend'])
    .default('inconclusive')
    .describe(
      'What missing data means after `extend` is used up: inconclusive unless said otherwise.',
    ),
});
export type Metric = z.infer<typeof Metric>;

/** What one release may cost of the error budget. */
const Spend = z
  .strictObject({
    metric: z.string().describe('The metric of type `ratio` whose bad requests spend the budget.'),
    target: z.number().gt(0).lt(1).default(0.999).describe('The part that must be good.'),
    period: Duration.prefault(2_592_000).describe('Of the budget; 30 days when absent.'),
    cap: z.number().gt(0).max(1).default(0.05).describe('Part of the budget.'),
  })
  .describe(
    'Stops a release at once when it has spent so much of the error budget (weight x excess errors x time), even where no test has come to a verdict.',
  );

/** A set of metrics and how they are combined: named in `analyses` of the settings. */
export const Analysis = z.strictObject({
  source: z.string().describe('Name of an entry of `metrics`.'),
  metrics: z.array(Metric).min(1),
  step: Duration.optional().describe(
    'Length of one sample; as long as the time between looks when absent.',
  ),
  every: Duration.prefault(15).describe('How often to look.'),
  alpha: z
    .number()
    .positive()
    .max(0.5)
    .default(0.02)
    .describe(
      'The promised chance of a false alarm over the whole analysis, for all metrics together.',
    ),
  minimum: z
    .strictObject({ points: z.number().int().default(10), requests: z.number().int().default(100) })
    .prefault({})
    .describe('Requests (or points) per side before anything is said.'),
  baseline: z
    .enum(['stable', 'fresh', 'previous'])
    .default('stable')
    .describe(
      'What the candidate is held against: what serves beside it, a fresh copy of that, or the release before at the same elapsed time.',
    ),
  extensions: z
    .number()
    .int()
    .nonnegative()
    .default(3)
    .describe('Looks that may be added at the end for metrics whose `onNoData` is `extend`.'),
  score: z
    .strictObject({
      pass: z.number().min(0).max(100).default(95),
      marginal: z.number().min(0).max(100).default(75),
      groups: z
        .record(z.string(), z.number().nonnegative())
        .default({})
        .describe('Weight by group; groups without one share what is left of 100.'),
    })
    .optional()
    .describe(
      'Absent: the run takes the worst phase of its metrics. Present: groups are scored from 0 to 100; from `pass` on the run passes, from `marginal` on a person decides, below it fails. A failing critical metric fails the run either way.',
    ),
  spend: Spend.optional(),
  patience: z
    .number()
    .int()
    .positive()
    .default(5)
    .describe('Looks in a row without usable data before the release pauses.'),
  profile: z
    .enum(['signalbox', 'netflix-aca', 'argo'])
    .default('signalbox')
    .describe('Which verdict rules apply: our own, or a compatible profile.'),
});
export type Analysis = z.infer<typeof Analysis>;
