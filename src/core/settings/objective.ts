import { z } from 'zod';
import { Metric } from '#core/analysis/metric.ts';
import { Duration } from '#core/duration-setting.ts';
import { Name } from './named.ts';

/** A service level objective: what counts as bad, and how much of it a period may have. */
export const ObjectiveSettings = z.strictObject({
  source: Name.describe('Name of an entry of `metrics`.'),
  metric: Metric.refine(({ type }) => type === 'ratio', {
    message: 'a metric of type ratio: bad requests out of all',
  }).describe('Bad requests out of all, as a metric of type `ratio`.'),
  target: z.number().gt(0).lt(1).default(0.999).describe('The part that must be good.'),
  period: Duration.prefault(2_592_000).describe('The period of the budget; 30 days when absent.'),
});
export type ObjectiveSettings = z.infer<typeof ObjectiveSettings>;
