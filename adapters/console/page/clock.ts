import { signal } from '@preact/signals';
import { formatDuration } from '#core/duration.ts';

let offset = 0;

/** The server's time, refreshed each second: whoever reads it is drawn again. */
export const now = signal(Date.now());

/** Takes over the server's time; the page's own clock may be wrong. */
export function setServerTime(at: number): void {
  offset = at - Date.now();
  now.value = at;
}

/** Starts the seconds. */
export function startClock(): void {
  setInterval(() => {
    if (document.visibilityState === 'visible') now.value = Date.now() + offset;
  }, 1000);
}

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const exact = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const weekday = new Intl.DateTimeFormat(undefined, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
});

/** `14:02` */
export function clockTime(at: number): string {
  return clock.format(at);
}

/** `14:02:11` */
export function exactTime(at: number): string {
  return exact.format(at);
}

/** `21 Nov, 14:02`; only the time today. */
export function dateTime(at: number, present: number): string {
  return sameDay(at, present) ? clockTime(at) : `${day.format(at)}, ${clockTime(at)}`;
}

/** `21 Nov`, as it is called in a time zone; in one's own without. */
export function dayOfYear(at: number, timeZone?: string): string {
  if (timeZone === undefined) return day.format(at);
  return new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone }).format(
    at,
  );
}

/** `Saturday 21 November`, `Today`, `Yesterday` */
export function dayName(at: number, present: number): string {
  if (sameDay(at, present)) return 'Today';
  return sameDay(at, present - 86_400_000) ? 'Yesterday' : weekday.format(at);
}

export function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

/** `just now`, `5m ago`, `in 24s` */
export function relative(at: number, present: number): string {
  const seconds = Math.round((at - present) / 1000);
  if (seconds > 0) return `in ${coarse(seconds)}`;
  return seconds > -10 ? 'just now' : `${coarse(-seconds)} ago`;
}

/** One unit is enough beyond a minute and a half. */
function coarse(seconds: number): string {
  const text = formatDuration(seconds < 90 ? seconds : Math.round(seconds / 60) * 60);
  const [first = '', second] = text.split(' ');
  return second === undefined || seconds < 90 || /^[1-2][hd]$/.test(first) ? text : first;
}
