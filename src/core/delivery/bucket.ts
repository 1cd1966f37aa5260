import type { Instant } from '#core/ids.ts';

/** 0 answers to a person; 1 terminal, approval, alert; 2 phase change; 3 metric tick. */
export type Urgency = 0 | 1 | 2 | 3;

/** A budget as a platform names it: capacity in calls, refill in calls per second. */
export interface Rate {
  readonly scope: string;
  readonly capacity: number;
  readonly perSecond: number;
}

/** A token bucket for one named scope. */
export interface Bucket extends Rate {
  readonly tokens: number;
  /** When `tokens` and `share` were true. */
  readonly at: Instant;
  /** The part of the declared rate in force: halved by each refusal, recovering slowly. */
  readonly share: number;
  /** Nothing is sent before this instant. */
  readonly frozenUntil: Instant;
}

/** The part of every bucket that only urgency 0 and 1 may use. */
const heldBack = 0.2;
/** How much of the declared rate comes back per minute after a refusal. */
const recoveryPerMinute = 0.1;
/** However often a platform refuses, this much of the rate is still tried. */
const smallestShare = 1 / 32;

/** A full bucket. */
export function fullBucket(rate: Rate, now: Instant): Bucket {
  return { ...rate, tokens: rate.capacity, at: now, share: 1, frozenUntil: 0 };
}

/** The bucket at a later instant. A frozen bucket does not fill. */
export function refilled(bucket: Bucket, now: Instant): Bucket {
  if (now <= bucket.at) return bucket;
  const share = Math.min(1, bucket.share + ((now - bucket.at) / 60_000) * recoveryPerMinute);
  const seconds = Math.max(0, now - Math.max(bucket.at, bucket.frozenUntil)) / 1000;
  const gained = seconds * bucket.perSecond * ((bucket.share + share) / 2);
  return { ...bucket, share, at: now, tokens: Math.min(bucket.capacity, bucket.tokens + gained) };
}

/** The tokens that a call of this urgency must find: its own, and the reserve unless it is urgent. */
export function needed(bucket: Rate, urgency: Urgency): number {
  return urgency <= 1 ? 1 : 1 + Math.min(heldBack * bucket.capacity, bucket.capacity - 1);
}

/** The earliest instant, not before `now`, at which the bucket affords one call. */
export function affordableAt(bucket: Bucket, urgency: Urgency, now: Instant): Instant {
  const full = refilled(bucket, now);
  const missing = needed(full, urgency) - full.tokens;
  const open = Math.max(now, full.frozenUntil);
  if (missing <= 1e-9) return open;
  return open + Math.ceil((missing / (full.perSecond * full.share)) * 1000);
}

/** The bucket after one call. It may go below zero when the platform was asked without asking it. */
export function spent(bucket: Bucket, now: Instant): Bucket {
  const full = refilled(bucket, now);
  return { ...full, tokens: full.tokens - 1 };
}

/**
 * The bucket after the platform refused: frozen until it said, plus up to a fifth of that as
 * jitter, empty, and at half its rate. `jitter` is between 0 and 1.
 */
export function refused(
  bucket: Bucket,
  retryAfterMs: number,
  jitter: number,
  now: Instant,
): Bucket {
  const full = refilled(bucket, now);
  const until = now + Math.ceil(retryAfterMs * (1 + 0.2 * jitter));
  return {
    ...full,
    tokens: Math.min(full.tokens, 0),
    share: Math.max(smallestShare, full.share / 2),
    frozenUntil: Math.max(full.frozenUntil, until),
  };
}
