import { z } from 'zod';

/** How the answers of a version take: a log-normal body, and a tail that takes `factor` as long. */
const Latency = z.strictObject({
  medianMs: z.number().min(0).max(5000).default(18),
  /** Standard deviation of the logarithm: 0.3 keeps 95 % between 0.55 and 1.8 times the median. */
  spread: z.number().min(0).max(2).default(0.3),
  tail: z
    .strictObject({
      share: z.number().min(0).max(1).default(0.01),
      factor: z.number().min(1).max(100).default(3),
    })
    .prefault({}),
});

/** What a version of the demo service is like. What is left out is healthy. */
export const Character = z.strictObject({
  /** For people, and for the page of the version. */
  note: z.string().max(200).default(''),
  colour: z
    .string()
    .regex(/^#[0-9a-f]{6}$/)
    .default('#5b8def'),
  /** Time from the start of the process until it says that it is ready. */
  startMs: z.number().int().min(0).max(60_000).default(200),
  latency: Latency.prefault({}),
  /** Share of the requests that are answered with 500. */
  errorRate: z.number().min(0).max(1).default(0.002),
  /** While its side has more than this share of the traffic, it is so instead. */
  overloaded: z
    .strictObject({
      abovePercent: z.number().min(0).max(100),
      errorRate: z.number().min(0).max(1),
      latencyFactor: z.number().min(1).max(100).default(1),
    })
    .nullable()
    .default(null),
  /** The process ends by itself after this time, with a complaint. */
  crashAfterMs: z.number().int().min(0).nullable().default(null),
  neverReady: z.boolean().default(false),
  /** Memory that it takes and never gives back; at the limit it ends as if out of memory. */
  leak: z
    .strictObject({
      bytesPerSecond: z.number().int().min(0).max(50_000_000),
      limitBytes: z.number().int().min(0).max(500_000_000).default(150_000_000),
    })
    .nullable()
    .default(null),
  /** Jobs that fail with these bits; every other one succeeds. */
  failingJobs: z.array(z.string()).default([]),
});
export type Character = z.infer<typeof Character>;
