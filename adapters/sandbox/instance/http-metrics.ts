/** Upper bounds of the latency buckets in seconds: a quarter apart, from 1 ms to about 5 s. */
export const latencyBounds: readonly number[] = Array.from({ length: 39 }, (_, index) =>
  Number((0.001 * 1.25 ** index).toPrecision(3)),
);

/** Counts answers and their latency, and writes them down as Prometheus text. */
export interface HttpMetrics {
  count(code: number, seconds: number): void;
  /** Answers by code. */
  codes(): ReadonlyMap<number, number>;
  /** Answers by latency: one number per bound, and one for what is slower than all. */
  buckets(): readonly number[];
  text(): string;
}

/** Counters that begin at zero. */
export function createHttpMetrics(): HttpMetrics {
  const codes = new Map<number, number>();
  const buckets: number[] = Array.from({ length: latencyBounds.length + 1 }, () => 0);
  let sum = 0;
  let total = 0;

  return {
    count(code, seconds) {
      codes.set(code, (codes.get(code) ?? 0) + 1);
      const at = bucketOf(seconds);
      buckets[at] = (buckets[at] ?? 0) + 1;
      sum += seconds;
      total += 1;
    },
    codes: () => codes,
    buckets: () => buckets,
    text() {
      const lines = ['# TYPE http_requests_total counter'];
      for (const [code, count] of codes) lines.push(`http_requests_total{code="${code}"} ${count}`);
      lines.push('# TYPE http_request_duration_seconds histogram');
      let below = 0;
      for (const [at, count] of buckets.entries()) {
        below += count;
        const bound = latencyBounds[at] ?? '+Inf';
        lines.push(`http_request_duration_seconds_bucket{le="${bound}"} ${below}`);
      }
      lines.push(`http_request_duration_seconds_sum ${sum}`);
      lines.push(`http_request_duration_seconds_count ${total}`);
      return `${lines.join('\n')}\n`;
    },
  };
}

function bucketOf(seconds: number): number {
  let low = 0;
  let high = latencyBounds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (seconds <= (latencyBounds[middle] ?? Number.POSITIVE_INFINITY)) high = middle;
    else low = middle + 1;
  }
  return low;
}
