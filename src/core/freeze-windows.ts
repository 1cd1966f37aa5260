import type { Instant } from './ids.ts';
import type { FreezeWindow } from './settings/settings.ts';

/** Whether a planned freeze is in force, why, and when that changes. */
export type WindowsAnswer =
  | { readonly frozen: true; readonly reason: string; readonly until: Instant | null }
  | { readonly frozen: false; readonly nextFreeze: Instant | null };

interface Span {
  readonly from: Instant;
  readonly until: Instant;
}

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/**
 * Evaluates planned windows at an instant. Any one in force freezes. Local times are wall-clock
 * times of the zone: a time that a spring change skips is taken as the moment after the gap, one
 * that an autumn change repeats as its first occurrence (Temporal's `compatible` rule).
 * Consecutive windows count as one: `until` is when the last of them ends.
 */
export function evaluateWindows(windows: readonly FreezeWindow[], now: Instant): WindowsAnswer {
  const all = windows.flatMap((window) =>
    spansAround(window, now).map((span) => ({ ...span, reason: window.reason })),
  );
  const current = all.find(({ from, until }) => from <= now && now < until);
  if (current === undefined) {
    const coming = all.map(({ from }) => from).filter((from) => from > now);
    return { frozen: false, nextFreeze: coming.length === 0 ? null : Math.min(...coming) };
  }
  return { frozen: true, reason: current.reason, until: endOfRun(all, current.until) };
}

/** Follows windows that begin before the present one ends. */
function endOfRun(spans: readonly Span[], end: Instant): Instant {
  let until = end;
  for (let hops = 0; hops < spans.length; hops += 1) {
    const later = spans.find((span) => span.from <= until && span.until > until);
    if (later === undefined) return until;
    until = later.until;
  }
  return until;
}

function spansAround(window: FreezeWindow, now: Instant): readonly Span[] {
  if (window.kind === 'dated') {
    return [{ from: local(window.from, window.zone), until: local(window.until, window.zone) }];
  }
  const today = Temporal.Instant.fromEpochMilliseconds(Math.floor(now))
    .toZonedDateTimeISO(window.zone)
    .toPlainDate();
  const monday = today.subtract({ days: today.dayOfWeek - 1 });
  return [-1, 0, 1].map((week) => weekly(window, monday.add({ weeks: week })));
}

/** One occurrence: an end that is not after its beginning lies in the following week. */
function weekly(
  window: Extract<FreezeWindow, { kind: 'weekly' }>,
  monday: Temporal.PlainDate,
): Span {
  const from = wall(monday, window.from, window.zone);
  const same = wall(monday, window.until, window.zone);
  return {
    from,
    until: same > from ? same : wall(monday.add({ weeks: 1 }), window.until, window.zone),
  };
}

function wall(
  monday: Temporal.PlainDate,
  at: { readonly day: (typeof days)[number]; readonly time: string },
  zone: string,
): Instant {
  const date = monday.add({ days: days.indexOf(at.day) });
  return local(`${date.toString()}T${at.time}`, zone);
}

function local(text: string, zone: string): Instant {
  return Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;
}
