const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/**
 * Reads `90s`, `30m`, `1h30m`, `2d`, ISO 8601 (`PT1H30M`, `P2D`) or a bare number of seconds.
 * Returns whole seconds, or null when the text is no duration or is longer than 366 days.
 */
export function parseDuration(text: string): number | null {
  const compact = text.trim().toLowerCase().replaceAll(' ', '');
  const seconds = compact.startsWith('p') ? isoSeconds(compact) : shortSeconds(compact);
  return seconds === null || seconds > 366 * 86_400 ? null : seconds;
}

function shortSeconds(text: string): number | null {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  if (!/^(?:\d{1,7}[smhdw])+$/.test(text)) return null;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)([smhdw])/g)) {
    total += Number(amount) * (units[unit ?? ''] ?? 0);
  }
  return total;
}

function isoSeconds(text: string): number | null {
  const match =
    /^p(?:(\d{1,4})w)?(?:(\d{1,4})d)?(?:t(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,8})s)?)?$/.exec(
      text,
    );
  if (match === null || match.slice(1).every((part) => part === undefined)) return null;
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return (
    (weeks ?? 0) * 604_800 +
    (days ?? 0) * 86_400 +
    (hours ?? 0) * 3600 +
    (minutes ?? 0) * 60 +
    (seconds ?? 0)
  );
}

/** Writes seconds as people say them: `45s`, `10m`, `1h 30m`, `2d 4h`. At most two units. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  let rest = whole;
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ] as const) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount > 0) parts.push(`${amount}${unit}`);
  }
  return parts.length === 0 ? '0s' : parts.slice(0, 2).join(' ');
}
