import { formatDuration, parseDuration } from '#core/duration.ts';
import type { Metric } from './metric.ts';

/**
 * Remarks on a query's text, whatever its source: a range longer than the interval makes neighbours
 * alike, and a grouping may give several series where one is compared.
 */
export function queryRemarks(metric: Metric, stepSeconds: number): readonly string[] {
  const texts = Object.values(metric.query).filter((value) => typeof value === 'string');
  return texts.flatMap((text) => [
    ...rangeRemarks(metric, text, stepSeconds),
    ...seriesRemarks(metric, text),
  ]);
}

function rangeRemarks(metric: Metric, text: string, stepSeconds: number): readonly string[] {
  const ranges = [...text.matchAll(/\[(\d+[smhdw])(?::[^\]]*)?\]/g)].flatMap(([, range]) => {
    const seconds = parseDuration(range ?? '');
    return seconds === null ? [] : [seconds];
  });
  const longest = Math.max(0, ...ranges);
  if (longest <= Math.max(stepSeconds, metric.memory)) return [];
  return [
    `${metric.name} covers ${formatDuration(longest)} but is read every ${formatDuration(stepSeconds)}: neighbours share most of their data. Shorten the range to the interval, or set memory to ${formatDuration(longest)} and expect slower verdicts.`,
  ];
}

function seriesRemarks(metric: Metric, text: string): readonly string[] {
  if (!/\bby\s*\(\s*(?!le\s*\))[^)\s]/.test(text)) return [];
  return [
    `${metric.name} groups its result and may give several series: exactly one is compared per side.`,
  ];
}
