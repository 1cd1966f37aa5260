import type { Figure, Window } from './figure.ts';
import type { FigureName } from './figures.ts';

/** The window of the same length right before. */
export function previousWindow({ from, to }: Window): Window {
  return { from: from - (to - from), to: from };
}

/**
 * How a figure moved; `more` and `less` where that is neither good nor bad. `unknown` when there was
 * nothing to measure, or nothing happened, in one of the windows.
 */
export type Trend = 'better' | 'worse' | 'more' | 'less' | 'same' | 'unknown';

/** What was caught says as much of the net as of what fell into it. */
const neither: readonly FigureName[] = ['caughtInCanary', 'caughtBeforeTraffic'];

/** Figures of which more is better; of the others less is. */
const moreIsBetter: readonly FigureName[] = [
  'deployments',
  'deploymentDays',
  'canaryPassRate',
  'rolloutSuccess',
];

/** Compares a figure with the one of the window before; a change below 5 % is none. */
export function trendOf(name: FigureName, now: Figure, before: Figure): Trend {
  if (now.value === null || before.value === null) return 'unknown';
  if (now.value === 0 && before.value === 0) return 'unknown';
  const change = now.value - before.value;
  if (Math.abs(change) <= 0.05 * Math.max(Math.abs(now.value), Math.abs(before.value)))
    return 'same';
  if (neither.includes(name)) return change > 0 ? 'more' : 'less';
  return change > 0 === moreIsBetter.includes(name) ? 'better' : 'worse';
}
