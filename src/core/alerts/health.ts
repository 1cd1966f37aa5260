import { z } from 'zod';
import type { Instant } from '#core/ids.ts';

/** How what an alert watches stood before a suspect's first traffic, as measured. */
export const Health = z.strictObject({
  before: z.enum(['healthy', 'unhealthy', 'unknown']),
  /** When it turned bad in the way that rings now, epoch milliseconds; null when nothing shows it. */
  turnedAt: z.number().nullable(),
  /** What was measured, or why nothing could be: a few words. */
  by: z.string().max(200),
});
export type Health = z.infer<typeof Health>;

/** Whether it was bad at an instant, or in the interval that ended then. Gaps are left out. */
export interface HealthPoint {
  readonly at: Instant;
  readonly bad: boolean;
}

/** The time before the first traffic that tells how it was, in milliseconds. */
export const beforeMs = 900_000;
/** Points in that time without which nothing is said. */
const least = 3;
/** More than this part of them bad: it was not healthy, even if it was good just then. */
const mostBad = 0.2;

/**
 * Whether a metric was healthy before a release's first traffic, and when it turned: the beginning
 * of the bad stretch in which the alert began. A single good point does not end a stretch, a gap
 * does. Points rise in time, one each `stepMs`. What they do not tell is `unknown`.
 */
export function healthBefore(
  points: readonly HealthPoint[],
  of: {
    readonly trafficAt: Instant;
    readonly startsAt: Instant;
    readonly stepMs: number;
    readonly by: string;
  },
): Health {
  const { trafficAt, startsAt, stepMs, by } = of;
  const turnedAt = turnBefore(points, startsAt, stepMs);
  if (turnedAt === null) return { before: 'unknown', turnedAt, by };
  if (turnedAt <= trafficAt) return { before: 'unhealthy', turnedAt, by };
  const earlier = points.filter(({ at }) => at <= trafficAt && at > trafficAt - beforeMs);
  if (earlier.length < least) return { before: 'unknown', turnedAt, by };
  const share = earlier.filter(({ bad }) => bad).length / earlier.length;
  return { before: share > mostBad ? 'unhealthy' : 'healthy', turnedAt, by };
}

function turnBefore(
  points: readonly HealthPoint[],
  startsAt: Instant,
  stepMs: number,
): Instant | null {
  const slack = 2 * stepMs;
  let at = points.findIndex((point) => point.bad && point.at >= startsAt - slack);
  if (at < 0) return null;
  let turned = points[at];
  for (at -= 1; at >= 0; at -= 1) {
    const point = points[at];
    const later = points[at + 1];
    if (point === undefined || later === undefined || later.at - point.at > slack) break;
    if (point.bad) turned = point;
    else if (points[at - 1]?.bad !== true) break;
  }
  return turned?.at ?? null;
}
