import { describe, expect, it } from 'vitest';
import { lastDue } from '#core/digest/due.ts';
import { evolveDigest, owed } from '#core/digest/posted.ts';
import { DigestSettings } from '#core/settings/digest.ts';

const berlin = (at: string, days?: string[]) =>
  DigestSettings.parse({ channel: 'releases', at, zone: 'Europe/Berlin', ...(days && { days }) });
const instant = (text: string) => Temporal.Instant.from(text).epochMilliseconds;

describe('when a digest is due', () => {
  it.each([
    ['a plain day, after the time', '09:00', '2026-11-20T10:00Z', '2026-11-20T08:00Z'],
    ['a plain day, before the time', '09:00', '2026-11-20T07:59:59Z', '2026-11-19T08:00Z'],
    ['the very millisecond', '09:00', '2026-11-20T08:00Z', '2026-11-20T08:00Z'],
    ['summer time', '09:00', '2026-07-01T09:00Z', '2026-07-01T07:00Z'],
    ['a time that the spring change skips', '02:30', '2026-03-29T05:00Z', '2026-03-29T01:30Z'],
    ['before that moment', '02:30', '2026-03-29T01:29:59Z', '2026-03-28T01:30Z'],
    ['a time that the autumn change repeats', '02:30', '2026-10-25T00:30Z', '2026-10-25T00:30Z'],
    ['its second occurrence is not another', '02:30', '2026-10-25T02:00Z', '2026-10-25T00:30Z'],
  ])('%s', (_what, at, now, due) => {
    expect(lastDue(berlin(at), instant(now))).toBe(instant(due));
  });

  it('is due once on each local day of a year, in order', () => {
    const digest = berlin('02:30');
    const seen = new Set<number>();
    for (let at = instant('2026-01-01T12:00Z'); at < instant('2027-01-01T12:00Z'); at += 1_800_000)
      seen.add(lastDue(digest, at));
    expect(seen.size).toBe(366);
    const days = [...seen].map((at) =>
      Temporal.Instant.fromEpochMilliseconds(at)
        .toZonedDateTimeISO('Europe/Berlin')
        .toPlainDate()
        .toString(),
    );
    expect(new Set(days).size).toBe(366);
  });

  it('keeps to its days', () => {
    const workdays = berlin('09:00', ['mon', 'tue', 'wed', 'thu', 'fri']);
    // A Sunday: the last was on Friday.
    expect(lastDue(workdays, instant('2026-11-22T12:00Z'))).toBe(instant('2026-11-20T08:00Z'));
    const mondays = berlin('09:00', ['mon']);
    expect(lastDue(mondays, instant('2026-11-23T07:00Z'))).toBe(instant('2026-11-16T08:00Z'));
  });
});

it('owes nothing to a new digest, one post a time, and one over a long absence', () => {
  const first = instant('2026-11-20T08:00Z');
  expect(owed(null, first)).toMatchObject({ begin: true });
  const begun = evolveDigest({ kind: 'digest.begun', due: first }, first + 5000);
  expect(owed(begun, first)).toBeNull();
  const later = instant('2026-11-24T08:00Z');
  expect(owed(begun, later)).toEqual({ begin: false, from: first + 5000 });
  const told = { kind: 'digest.posted', due: later, from: first + 5000, quiet: true } as const;
  expect(owed(evolveDigest(told, later + 1), later)).toBeNull();
});
