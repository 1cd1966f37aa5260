import type { Instant } from '#core/ids.ts';
import type { Figure, Window } from './figure.ts';
import { median } from './statistics.ts';

/**
 * The window in weeks of seven local days, oldest first. The last one ends with its last day, so that
 * the newest days always count and no week has an eighth; its beginning may cut the first one short.
 */
export function weeksOf(window: Window, zone: string): readonly Window[] {
  const weeks: Window[] = [];
  let end = zoned(window.to - 1, zone)
    .startOfDay()
    .add({ days: 1 });
  // Ten years and a bit bound the loop, whatever is asked.
  for (let at = 0; at < 530 && end.epochMilliseconds > window.from; at += 1) {
    const start = end.subtract({ weeks: 1 });
    weeks.unshift({
      from: Math.max(start.epochMilliseconds, window.from),
      to: Math.min(end.epochMilliseconds, window.to),
    });
    end = start;
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
  const all = weeksOf(window, zone);
  // The first may be cut short; the last has all of its days that there are yet.
  const [first, ...others] = all;
  const isCut =
    first !== undefined && zoned(first.from, zone).add({ days: 6 }).epochMilliseconds >= first.to;
  const weeks = isCut && others.length > 0 ? others : all;
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
