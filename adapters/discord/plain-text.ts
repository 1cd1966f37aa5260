import { printable } from '#core/text-width.ts';

/** A JSON object that is sent to Discord. */
export type Json = Readonly<Record<string, unknown>>;

/** At most so many UTF-16 units, whole characters, with an ellipsis where something is missing. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, Math.max(0, most - 1));
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}

/**
 * Plain text that Discord's Markdown leaves alone: a backslash before every character that could
 * begin markup, a mention, a timestamp or a link.
 */
export function escaped(text: string): string {
  return printable(text)
    .replace(/[\\`*_~|<>[\]()#:@]/g, '\\$&')
    .replace(/^(\s*)([-+])/, '$1\\$2')
    .replace(/^(\s*\d+)\./, '$1\\.');
}

/** Escaped text of at most so many characters after escaping. */
export function escapedWithin(text: string, most: number): string {
  let kept = Math.min(text.length, most);
  let shown = escaped(cut(text, kept));
  while (shown.length > most && kept > 1) {
    kept -= Math.max(1, Math.ceil((shown.length - most) / 2));
    shown = escaped(cut(text, Math.max(1, kept)));
  }
  return shown;
}

/** A block of code that its own content cannot close. */
export function fenced(text: string, most: number): string {
  const safe = text.replaceAll('```', '`\u200b`\u200b`');
  return `\`\`\`\n${cut(safe, Math.max(1, most - 8))}\n\`\`\``;
}
