import type { Figure, Window } from './figure.ts';
import type { FigureName } from './figures.ts';

/** The window of the same length right before. */
export function previousWindow({ from, to }: Window): Window {
  return { from: from - (to - from), to: from };
}

/** How a figure moved. `unknown` when there was nothing to measure in one of the windows. */
export type Trend = 'better' | 'worse' | 'same' | 'unknown';

/** Figures of which more is better; of the others less is, and a few are neither. */
const moreIsBetter: readonly FigureName[] = [
  'deployments',
  'deploymentDays',
  'canaryPassRate',
  'rolloutSuccess',
];

/** Compares a figure with the one of the window before; a change below 5 % is none. */
export function trendOf(name: FigureName, now: Figure, before: Figure): Trend {
  if (now.value === null || before.value === null) return 'unknown';
  const change = now.value - before.value;
  if (Math.abs(change) <= 0.05 * Math.max(Math.abs(now.value), Math.abs(before.value)))
    return 'same';
  return change > 0 === moreIsBetter.includes(name) ? 'better' : 'worse';
}
