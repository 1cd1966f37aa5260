interface Bucket {
  used: number;
  resetAt: number;
}

/** 5 requests in 5 s per route and channel, 50 a second over all, 10,000 refused in ten minutes. */
export function createBuckets(now: () => number) {
  const buckets = new Map<string, Bucket>();
  let globalUsed: number[] = [];
  let invalid: number[] = [];
  let invalidMax = 10_000;
  let limit = 5;
  let perSecond = 50;
  let windowMs = 5_000;

  return {
    /** Seconds to wait; null when the request may pass. */
    draw(
      key: string,
      interaction: boolean,
    ): { readonly wait: number; readonly global: boolean } | null {
      const at = now();
      if (!interaction) {
        globalUsed = globalUsed.filter((one) => one > at - 1_000);
        if (globalUsed.length >= perSecond) return { wait: 1, global: true };
        globalUsed.push(at);
      }
      const bucket = buckets.get(key);
      if (bucket === undefined || bucket.resetAt <= at) {
        buckets.set(key, { used: 1, resetAt: at + windowMs });
        return null;
      }
      bucket.used += 1;
      if (bucket.used <= limit) return null;
      return { wait: (bucket.resetAt - at) / 1_000, global: false };
    },
    headers(key: string): Record<string, string> {
      const { used, resetAt } = buckets.get(key) ?? { used: 0, resetAt: now() };
      return {
        'x-ratelimit-limit': String(limit),
        'x-ratelimit-remaining': String(Math.max(0, limit - used)),
        'x-ratelimit-reset': String(resetAt / 1_000),
        'x-ratelimit-reset-after': String(Math.max(0, (resetAt - now()) / 1_000)),
        'x-ratelimit-bucket': Buffer.from(key.replace(/\d{17,20}/, ':'))
          .toString('hex')
          .slice(0, 32),
      };
    },
    refused(): void {
      invalid.push(now());
    },
    banned(): boolean {
      invalid = invalid.filter((one) => one > now() - 600_000);
      return invalid.length >= invalidMax;
    },
    invalid: () => invalid.length,
    limits(next: {
      readonly perBucket?: number;
      readonly perSecond?: number;
      readonly windowMs?: number;
      readonly invalid?: number;
    }): void {
      perSecond = next.perSecond ?? perSecond;
      windowMs = next.windowMs ?? windowMs;
      limit = next.perBucket ?? limit;
      invalidMax = next.invalid ?? invalidMax;
    },
  };
}
