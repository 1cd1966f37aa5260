import { z } from 'zod';

/** What kind of number a metric is. */
export const MetricType = z.enum(['gauge', 'latency', 'ratio', 'count', 'histogram']);
export type MetricType = z.infer<typeof MetricType>;

/** Units of measured values. */
export const MetricUnit = z.enum([
  'percent',
  'milliseconds',
  'seconds',
  'count',
  'perSecond',
  'bytes',
  'number',
]);
export type MetricUnit = z.infer<typeof MetricUnit>;
