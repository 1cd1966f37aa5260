import { parseDuration } from '#core/duration.ts';
import type { Metric } from './metric.ts';

/**
 * How long each value of a metric remembers, in seconds: what is declared, or the longest range that
 * stands in the text of its query, as in `rate(errors[5m])`. 0 when neither is there.
 */
export function remembers(metric: Pick<Metric, 'memory' | 'query'>): number {
  return Math.max(metric.memory, longestRange(metric.query));
}

/** Texts of a query, whatever its source calls them. */
export function queryTexts(query: Metric['query']): readonly string[] {
  return Object.values(query).filter((value) => typeof value === 'string');
}

function longestRange(query: Metric['query']): number {
  let longest = 0;
  for (const text of queryTexts(query)) {
    for (const [, range] of text.matchAll(/\[(\d+[smhdw])(?::[^\]]*)?\]/g)) {
      longest = Math.max(longest, parseDuration(range ?? '') ?? 0);
    }
  }
  return longest;
}
