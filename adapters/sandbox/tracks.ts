import { type HttpMetrics, latencyBounds } from './instance/http-metrics.ts';
import { parseExposition } from './prometheus-text.ts';
import type { Side } from './side.ts';

/** Requests in one interval, as one observer counted them. */
export interface HttpCounts {
  readonly total: number;
  /** Answers with 5xx, the proxy's own included. */
  readonly bad: number;
  /** One per latency bound, and one for what is slower than all. */
  readonly buckets: readonly number[];
}

/** What one side did between two scrapes. Times in milliseconds since the epoch. */
export interface Point {
  readonly from: number;
  readonly at: number;
  readonly proxy: HttpCounts;
  readonly instances: HttpCounts;
  /** Mean resident memory of the instances in bytes; null when none answered. */
  readonly memory: number | null;
}

/** The points of one side running certain bits, oldest first. */
export interface Track {
  readonly side: Side;
  readonly digest: string;
  readonly points: Point[];
}

/** The counters of one observed process or proxy side, as they stood at the last scrape. */
export type Counters = ReadonlyMap<string, number>;

export const nothing: HttpCounts = {
  total: 0,
  bad: 0,
  buckets: Array.from({ length: latencyBounds.length + 1 }, () => 0),
};

/** What is asked of an observer: its counters, and its resident memory in bytes if it tells. */
export interface Observed {
  readonly counters: Counters;
  readonly memory: number | null;
}

const bucketKeys: readonly string[] = [...latencyBounds, '+Inf'].map((bound) => `le ${bound}`);

/** Reads an exposition: `http_requests_total`, the latency buckets, and the resident memory if it is there. */
export function observedIn(text: string): Observed {
  const counters = new Map<string, number>();
  let memory: number | null = null;
  for (const { name, labels, value } of parseExposition(text)) {
    const code = labels['code'];
    const bound = labels['le'];
    if (name === 'http_requests_total' && code !== undefined) counters.set(`code ${code}`, value);
    if (name === 'http_request_duration_seconds_bucket' && bound !== undefined) {
      counters.set(`le ${bound}`, value);
    }
    if (name === 'process_resident_memory_bytes') memory = value;
  }
  return { counters, memory };
}

/** The same of counters that are at hand. */
export function observedAt(metrics: HttpMetrics): Observed {
  const counters = new Map<string, number>();
  for (const [code, count] of metrics.codes()) counters.set(`code ${code}`, count);
  let below = 0;
  for (const [at, count] of metrics.buckets().entries()) {
    below += count;
    counters.set(bucketKeys[at] ?? '', below);
  }
  return { counters, memory: null };
}

/** What happened between two scrapes. A counter that went down began again from zero. */
export function countsBetween(before: Counters, after: Counters): HttpCounts {
  let total = 0;
  let bad = 0;
  for (const [key, value] of after) {
    if (!key.startsWith('code ')) continue;
    const more = increase(before.get(key), value);
    total += more;
    if (key.startsWith('code 5')) bad += more;
  }
  let below = 0;
  const buckets = bucketKeys.map((key) => {
    const cumulative = increase(before.get(key), after.get(key) ?? 0);
    const own = Math.max(0, cumulative - below);
    below = cumulative;
    return own;
  });
  return { total, bad, buckets };
}

function increase(before: number | undefined, after: number): number {
  return before === undefined || after < before ? after : after - before;
}

/** Adds counts of several observers or intervals. */
export function sumOf(counts: readonly HttpCounts[]): HttpCounts {
  let total = 0;
  let bad = 0;
  const buckets = [...nothing.buckets];
  for (const each of counts) {
    total += each.total;
    bad += each.bad;
    for (const [at, count] of each.buckets.entries()) buckets[at] = (buckets[at] ?? 0) + count;
  }
  return { total, bad, buckets };
}
