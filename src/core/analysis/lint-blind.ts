import { formatDuration } from '#core/duration.ts';
import { formatChange } from '#core/quantity.ts';
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
  return [
    `${metric.name}: at the traffic of now ${what} in ${formatDuration(seconds)} of watching. What is smaller may pass, or the release pauses for a person. Lengthen the steps or give the candidate more of the traffic.`,
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
