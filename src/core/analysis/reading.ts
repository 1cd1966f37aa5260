import { z } from 'zod';

/** One interval's observation. Times are the interval's end, epoch milliseconds. */
export const Sample = z.discriminatedUnion('kind', [
  /** A gauge or an already reduced latency (for example a p95), in the metric's unit. */
  z.strictObject({ kind: z.literal('value'), at: z.number(), value: z.number() }),
  /** Events out of trials in the interval: errors out of requests. */
  z.strictObject({ kind: z.literal('ratio'), at: z.number(), bad: z.number(), total: z.number() }),
  /** Rare events in the interval over an exposure (requests, or seconds). */
  z.strictObject({
    kind: z.literal('count'),
    at: z.number(),
    events: z.number(),
    exposure: z.number(),
  }),
  /** Latency as counts per bucket: `upper[i]` is the inclusive upper bound of `counts[i]`; the last is +Inf (null). */
  z.strictObject({
    kind: z.literal('histogram'),
    at: z.number(),
    upper: z.array(z.number().nullable()),
    counts: z.array(z.number()),
  }),
]);
export type Sample = z.infer<typeof Sample>;

/**
 * What a metrics source says about one metric on one side over one window, classified before
 * anything is compared. Only `ok` reaches a test.
 */
export const Reading = z.strictObject({
  class: z.enum([
    'ok',
    'no_traffic',
    'no_series',
    'not_finite',
    'too_few',
    'provider_error',
    'ambiguous_series',
  ]),
  samples: z.array(Sample),
  /** The query as sent, for the explanation. */
  query: z.string(),
  /** Warnings of the provider, or why the class is not `ok`. */
  notes: z.array(z.string()),
});
export type Reading = z.infer<typeof Reading>;
