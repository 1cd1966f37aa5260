import type { Instant } from '#core/ids.ts';
import type { Figure, Window } from './figure.ts';
import { median } from './statistics.ts';

/** The window in weeks of seven local days, from its first instant on; its end may cut the last one short. */
export function weeksOf(window: Window, zone: string): readonly Window[] {
  const weeks: Window[] = [];
  let start = zoned(window.from, zone);
  // Ten years bound the loop, whatever is asked.
  for (let at = 0; at < 520 && start.epochMilliseconds < window.to; at += 1) {
    const next = start.add({ weeks: 1 });
    const to = Math.min(next.epochMilliseconds, window.to);
    weeks.push({ from: start.epochMilliseconds, to });
    start = next;
  }
  return weeks;
}

/**
 * The median, over the weeks of the window, of the number of days with a deployment: what DORA's
 * Four Keys calls the deployment frequency. Daily is 3 and more, weekly 1 and more.
 */
export function deployDaysPerWeek(
  deployments: readonly Instant[],
  window: Window,
  zone: string,
): Figure {
  const whole = weeksOf(window, zone).filter(({ from, to }) => to - from >= 6.9 * 86_400_000);
  const weeks = whole.length > 0 ? whole : [window];
  const counts = weeks.map(
    ({ from, to }) =>
      new Set(
        deployments
          .filter((at) => at >= from && at < to)
          .map((at) => zoned(at, zone).toPlainDate().toString()),
      ).size,
  );
  return { value: median(counts), n: deployments.length };
}

/** What a frequency is called. */
export function frequencyWord(daysPerWeek: number | null): string {
  if (daysPerWeek === null) return 'unknown';
  if (daysPerWeek >= 3) return 'daily';
  return daysPerWeek >= 1 ? 'weekly' : 'less than weekly';
}

function zoned(at: Instant, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
}
