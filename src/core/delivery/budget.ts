import type { Instant } from '#core/ids.ts';
import {
  affordableAt,
  type Bucket,
  fullBucket,
  type Rate,
  refilled,
  refused,
  spent,
  type Urgency,
} from './bucket.ts';

/** All buckets that are not simply full, by scope. */
export type Budget = ReadonlyMap<string, Bucket>;

/** The bucket of a rate: as remembered, at the rate that is declared now; else a full one. */
export function bucketOf(budget: Budget, rate: Rate, now: Instant): Bucket {
  const known = budget.get(rate.scope);
  if (known === undefined) return fullBucket(rate, now);
  return { ...refilled(known, now), capacity: rate.capacity, perSecond: rate.perSecond };
}

/** When a call that draws from all these buckets can be made. */
export function callableAt(
  budget: Budget,
  rates: readonly Rate[],
  urgency: Urgency,
  now: Instant,
): Instant {
  return Math.max(
    now,
    ...rates.map((rate) => affordableAt(bucketOf(budget, rate, now), urgency, now)),
  );
}

/** The budget after one call. */
export function charged(budget: Budget, rates: readonly Rate[], now: Instant): Budget {
  const next = new Map(budget);
  for (const rate of rates) next.set(rate.scope, spent(bucketOf(budget, rate, now), now));
  return next;
}

/** The budget after a platform refused a call; only the named scope suffers, or the narrowest. */
export function afterRefusal(
  budget: Budget,
  rates: readonly Rate[],
  refusal: {
    readonly scope: string | undefined;
    readonly retryAfterMs: number;
    readonly jitter: number;
  },
  now: Instant,
): Budget {
  const rate = rates.find(({ scope }) => scope === refusal.scope) ?? narrowest(rates);
  if (rate === undefined) return budget;
  const bucket = bucketOf(budget, rate, now);
  return new Map(budget).set(
    rate.scope,
    refused(bucket, refusal.retryAfterMs, refusal.jitter, now),
  );
}

function narrowest(rates: readonly Rate[]): Rate | undefined {
  return rates.toSorted((a, b) => a.perSecond - b.perSecond)[0];
}

/** Without the buckets that are as good as new: they need not be remembered. */
export function pruned(budget: Budget, now: Instant): Budget {
  const kept = new Map<string, Bucket>();
  for (const [scope, bucket] of budget) {
    const full = refilled(bucket, now);
    const asNew = full.tokens >= full.capacity && full.share >= 1 && full.frozenUntil <= now;
    if (!asNew) kept.set(scope, full);
  }
  return kept;
}

/** How full the emptiest bucket is, between 0 and 1; 0 while one is frozen. */
export function fullness(budget: Budget, now: Instant): number {
  let least = 1;
  for (const bucket of budget.values()) {
    const full = refilled(bucket, now);
    const share = full.frozenUntil > now ? 0 : Math.max(0, full.tokens) / full.capacity;
    least = Math.min(least, share);
  }
  return least;
}
