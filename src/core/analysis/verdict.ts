import { z } from 'zod';
import { MetricType, MetricUnit } from './metric-type.ts';

/** What one metric says, with everything needed to explain it. All numbers in the metric's unit. */
export const MetricVerdict = z.strictObject({
  metric: z.string(),
  /** Whose samples it speaks of, where targets are judged together; several: all of these as one. */
  of: z.array(z.string()).min(1).optional(),
  /** `unclear`: it looks worse, and the evidence does not suffice to say so. */
  verdict: z.enum([
    'better',
    'same',
    'unclear',
    'worse',
    'too_few_data',
    'unusable',
    'not_evaluated',
  ]),
  /** For `unusable`: the class of the data, or another plain reason. */
  because: z.string().nullable(),
  critical: z.boolean(),
  dryRun: z.boolean(),
  /** A hard limit was crossed: act at once. */
  limitCrossed: z.boolean(),
  stable: z.strictObject({
    points: z.number(),
    requests: z.number().nullable(),
    value: z.number().nullable(),
  }),
  candidate: z.strictObject({
    points: z.number(),
    requests: z.number().nullable(),
    value: z.number().nullable(),
  }),
  /** candidate minus stable; the interval holds at every look. */
  estimate: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Relative effect: 0.25 is a quarter more than stable. */
  relative: z.number().nullable(),
  /** The smallest relative effect that could be seen with this much data. */
  detectable: z.number().nullable(),
  test: z.string(),
  /** One plain sentence for people. */
  explanation: z.string(),
  /** What was left out and why. */
  leftOut: z.array(z.string()),
  /** How the verdict was reached, for the table and the picture; absent where nothing was compared. */
  detail: z
    .strictObject({
      group: z.string(),
      /** As in the metric: decides how values are written. */
      type: MetricType,
      unit: MetricUnit,
      bad: z.enum(['up', 'down', 'either']),
      /** Both floors and the larger of them as a difference, in the metric's unit. */
      floor: z.strictObject({ relative: z.number(), absolute: z.number(), effect: z.number() }),
      /** The part of the promised chance that this metric may spend. */
      alpha: z.number(),
      /** Natural logarithm of the evidence for harm, and what it must reach. */
      evidence: z.number(),
      needed: z.number(),
      /** Points divided by this is what they are worth: clumps and memory. */
      inefficiency: z.number(),
      /** First and last interval compared, epoch milliseconds. */
      window: z.strictObject({ from: z.number(), to: z.number() }),
    })
    .optional(),
});
export type MetricVerdict = z.infer<typeof MetricVerdict>;

/** The phases of a run, from best to worst; a run takes the worst of its metrics. */
export const RunPhase = z.enum([
  'successful',
  'running',
  'pending',
  'inconclusive',
  'error',
  'failed',
]);
export type RunPhase = z.infer<typeof RunPhase>;

/** The judgement of one look. Same samples and same plan give the same judgement, always. */
export const Judgement = z.strictObject({
  /** Whole looks so far, this one included. */
  look: z.number().int(),
  phase: RunPhase,
  /** `abort_now`: a hard limit was crossed, no countdown beyond the configured one. */
  action: z.enum(['go_on', 'extend', 'pause', 'roll_back', 'abort_now']),
  metrics: z.array(MetricVerdict),
  /** Weighted score from 0 to 100 where the analysis or its profile keeps one. */
  score: z.number().optional(),
  /** Part of the error budget that the release has spent so far, where a cap is set. */
  spent: z.number().optional(),
  /** One plain sentence for people: which metric, how sure, on how many requests. */
  summary: z.string(),
});
export type Judgement = z.infer<typeof Judgement>;
