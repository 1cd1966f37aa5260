import { z } from 'zod';

/** Options of an entry of `marks` with the adapter `grafana`. */
export const GrafanaMarks = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .refine((text) => new URL(text).username === '' && new URL(text).search === '', {
      message: 'a URL without user and query: the token comes from SIGNALBOX_GRAFANA_TOKEN',
    })
    .describe('Where Grafana is, up to what stands before /api.'),
  dashboard: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,40}$/)
    .optional()
    .describe('Uid of the one dashboard to mark; absent: marks of the organisation, found by tag.'),
  tags: z.array(z.string().min(1).max(100)).max(10).default([]).describe('More tags of each mark.'),
});
export type GrafanaMarks = z.infer<typeof GrafanaMarks>;
