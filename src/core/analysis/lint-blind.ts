import { formatDuration } from '#core/duration.ts';
import { formatChange, formatQuantity } from '#core/quantity.ts';
import { seen, type Watch } from './lint-power.ts';

/** Rises beyond which nobody asks. */
const largest = 20;

/**
 * What cannot be seen at all: said where not even twice as much would be, at the traffic that is
 * expected and in the time there is.
 */
export function blindRemarks(watch: Watch | null): readonly string[] {
  if (watch === null || seen(watch, 1)) return [];
  const { metric, spans } = watch;
  const seconds = spans.flat().reduce((sum, step) => sum + step.seconds, 0);
  const least = smallestSeen(watch);
  const what =
    least === null
      ? `not even ${formatChange(largest)} can be seen`
      : `only ${formatChange(least)} or more can be seen`;
  const share = inShares(watch, least);
  return [
    `${metric.name}: at the traffic of now ${what} in ${formatDuration(seconds)} of watching${share}. What is smaller may pass, or the release pauses for a person. Lengthen the steps or give the candidate more of the traffic.`,
  ];
}

function smallestSeen(watch: Watch): number | null {
  if (!seen(watch, largest)) return null;
  let low = 1;
  let high = largest;
  while (high / low > 1.05) {
    const middle = Math.sqrt(low * high);
    if (seen(watch, middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The same as shares of requests, which say more than a factor of next to nothing. */
function inShares({ metric, expected }: Watch, least: number | null): string {
  if (metric.type !== 'ratio') return '';
  const percent = (share: number): string => formatQuantity(100 * share, 'percent');
  const now = percent(expected.badShare);
  const then = percent(Math.min(1, expected.badShare * (1 + (least ?? largest))));
  return least === null
    ? `: ${now} are usual, and ${then} would not stand out`
    : `: ${now} are usual, and from ${then} on it stands out`;
}
