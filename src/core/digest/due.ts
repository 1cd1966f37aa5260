import type { Instant } from '#core/ids.ts';
import type { DigestSettings } from '#core/settings/digest.ts';

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/**
 * The last time at or before `now` at which the digest was due. A local time that a spring change
 * skips is taken as the moment after the gap, one that an autumn change repeats as its first
 * occurrence (Temporal's `compatible` rule): so each local day has exactly one.
 */
export function lastDue(
  { at, zone, days }: Pick<DigestSettings, 'at' | 'zone' | 'days'>,
  now: Instant,
): Instant {
  const today = Temporal.Instant.fromEpochMilliseconds(Math.floor(now))
    .toZonedDateTimeISO(zone)
    .toPlainDate();
  // Eight days back there is one at least: the same weekday of last week.
  for (let back = 0; back <= 8; back += 1) {
    const date = today.subtract({ days: back });
    const weekday = weekdays[date.dayOfWeek - 1];
    if (weekday === undefined || !days.includes(weekday)) continue;
    const due = date.toPlainDateTime(Temporal.PlainTime.from(at)).toZonedDateTime(zone);
    if (due.epochMilliseconds <= now) return due.epochMilliseconds;
  }
  throw new RangeError('A digest without days is never due');
}
