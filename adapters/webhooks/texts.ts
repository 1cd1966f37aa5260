import { redacted, redactText } from '#core/redact-text.ts';

/** How much of a text from outside is kept. */
export const lengths = { name: 200, summary: 300, value: 200, labels: 40, alerts: 100 } as const;

/**
 * A text from outside as one plain line, cut to a length: no control or format characters, and
 * nothing that looks like a secret, even one that was split by such characters.
 */
export function plain(text: string, longest: number): string {
  const read = text
    .slice(0, longest * 4)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/[\p{Cf}\p{Co}\p{Cs}\ufffd]/gu, '');
  const line = redactText(read).trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 1).toWellFormed()}…`;
}

/** Labels with lawful names, at most forty, values cut. A secret is one by its name too. */
export function plainLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  const lawful = Object.entries(labels).filter(
    ([name]) => /^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name) && name !== '__proto__',
  );
  return Object.fromEntries(
    lawful
      .slice(0, lengths.labels)
      .map(([name, value]) => [name, shownValue(name, plain(value, lengths.value))] as const),
  );
}

function shownValue(name: string, value: string): string {
  const told = `${name}=${value}`;
  return value.includes(redacted) || redactText(told) === told ? value : redacted;
}

/**
 * An address that may be shown as a link: http or https, no user in it, not too long,
 * and no secret anywhere in it; else null.
 */
export function link(text: string | undefined): string | null {
  if (text === undefined || text.length > 1000 || !URL.canParse(text)) return null;
  const url = new URL(text);
  const web = url.protocol === 'http:' || url.protocol === 'https:';
  if (!web || url.username !== '' || url.password !== '') return null;
  if (redactText(url.href) !== url.href) return null;
  return url.href.replaceAll(/[<>|`]/g, encodeURIComponent);
}

/** An instant of RFC 3339; null for none: Alertmanager writes the year 1 for an end not yet known. */
export function instant(text: string | undefined): number | null {
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isFinite(at) && at > 0 && at < 8e15 ? at : null;
}
