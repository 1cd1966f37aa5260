import { formatDuration } from './duration.ts';
import type { Instant } from './ids.ts';

/** Time as seen from `now`: `in 8s`, `3m ago`, `just now`. */
export function relativeTime(at: Instant, now: Instant): string {
  const seconds = Math.round((at - now) / 1000);
  if (seconds === 0) return 'just now';
  const coarse = coarsely(Math.abs(seconds));
  return seconds > 0 ? `in ${coarse}` : `${coarse} ago`;
}

/** One unit is enough from ten of it up: nobody needs `3d 4h ago` by the hour after ten days. */
function coarsely(seconds: number): string {
  const text = formatDuration(seconds);
  const [first, second] = text.split(' ');
  if (first === undefined || second === undefined) return text;
  return Number.parseInt(first, 10) >= 10 ? first : text;
}

/** The time of day in an IANA zone: `14:02:11 UTC`. */
export function clockTime(at: Instant, zone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  return `${local.toPlainTime().toString({ smallestUnit: 'second' })} ${zoneName(zone, local)}`;
}

/** Date and time of day in an IANA zone: `2026-11-21 14:02 UTC`. */
export function dateTime(at: Instant, zone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const time = local.toPlainTime().toString({ smallestUnit: 'minute' });
  return `${local.toPlainDate().toString()} ${time} ${zoneName(zone, local)}`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The day in an IANA zone: `21 Nov`. */
export function dayName(at: Instant, zone: string): string {
  const { day, month } = Temporal.Instant.fromEpochMilliseconds(Math.round(at)).toZonedDateTimeISO(
    zone,
  );
  return `${day} ${months[month - 1]}`;
}

function zoneName(zone: string, local: Temporal.ZonedDateTime): string {
  return zone === 'UTC' ? 'UTC' : local.offset;
}
