import type { Instant } from './ids.ts';

/** `2026-11-21 14:02 UTC`, for texts that have no relative form. */
export function formatInstant(at: Instant): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(Math.round(at)).toZonedDateTimeISO('UTC');
  return `${zoned.toPlainDate().toString()} ${clock(zoned)} UTC`;
}

/** `2026-11-21 14:02:11 UTC`, where the order of things matters. */
export function formatSecond(at: Instant): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(Math.round(at)).toZonedDateTimeISO('UTC');
  const time = zoned.toPlainTime().toString({ smallestUnit: 'second' });
  return `${zoned.toPlainDate().toString()} ${time} UTC`;
}

/** True for a name of the IANA time zone database. */
export function isZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return !/^[+-]/.test(name);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function clock(time: Temporal.ZonedDateTime): string {
  return `${two(time.hour)}:${two(time.minute)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
