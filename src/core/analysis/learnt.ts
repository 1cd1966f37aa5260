import { z } from 'zod';
import type { Comparison } from './comparison.ts';

/** After so many intervals what is older begins to be forgotten. */
const most = 1200;

/** How the events of a metric came in the releases before: what is known of it when one begins. */
export const Learnt = z.strictObject({
  metric: z.string(),
  /** Intervals that it was learnt from. */
  intervals: z.number().nonnegative(),
  /** How much they varied, and would have if every event came alone: one for each view of them. */
  variations: z.array(
    z.strictObject({ observed: z.number().nonnegative(), expected: z.number().nonnegative() }),
  ),
});
export type Learnt = z.infer<typeof Learnt>;

/** What was known of a metric, and what a comparison adds to it; null where there is nothing of the kind. */
export function learn(
  metric: string,
  known: Learnt | null,
  { variations, stable }: Comparison,
): Learnt | null {
  if (variations.length === 0) return known;
  const before = known?.intervals ?? 0;
  const kept = before === 0 ? 0 : Math.min(1, Math.max(0, most - stable.points) / before);
  return {
    metric,
    intervals: Math.round(before * kept) + stable.points,
    variations: variations.map(({ observed, expected }, i) => {
      const old = known?.variations[i];
      return {
        observed: (old?.observed ?? 0) * kept + observed,
        expected: (old?.expected ?? 0) * kept + expected,
      };
    }),
  };
}
