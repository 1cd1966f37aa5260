import { formatDuration } from '#core/duration.ts';
import type { Metric } from './metric.ts';
import { queryTexts, remembers } from './query-range.ts';

/**
 * Remarks on a query's text, whatever its source: a range longer than the interval makes neighbours
 * alike, and a grouping may give several series where one is compared.
 */
export function queryRemarks(metric: Metric, stepSeconds: number): readonly string[] {
  return [
    ...rangeRemarks(metric, stepSeconds),
    ...queryTexts(metric.query).flatMap((text) => [
      ...recordedRemarks(metric, text),
      ...seriesRemarks(metric, text),
    ]),
  ];
}

function rangeRemarks(metric: Metric, stepSeconds: number): readonly string[] {
  const longest = remembers(metric);
  if (longest <= Math.max(stepSeconds, metric.memory)) return [];
  return [
    `${metric.name} covers ${formatDuration(longest)} but is read every ${formatDuration(stepSeconds)}: neighbours share most of their data, so only one value per ${formatDuration(longest)} is used and verdicts come slowly. Shorten the range to the interval, or set memory to ${formatDuration(longest)} to say that this is wanted.`,
  ];
}

/** By convention a colon in a name marks a recording rule, which hides the range it was made with. */
function recordedRemarks(metric: Metric, text: string): readonly string[] {
  const [name] = /(?<![\w"'$.:])[a-zA-Z_]\w*(?::\w+)+/.exec(text) ?? [];
  if (name === undefined || metric.memory > 0) return [];
  return [
    `${metric.name} reads the recorded series ${name}, which hides how long its values remember: set memory to the range of its rule, or the promised rate of false alarms does not hold.`,
  ];
}

function seriesRemarks(metric: Metric, text: string): readonly string[] {
  if (!/\bby\s*\(\s*(?!le\s*\))[^)\s]/.test(text)) return [];
  return [
    `${metric.name} groups its result and may give several series: exactly one is compared per side.`,
  ];
}
