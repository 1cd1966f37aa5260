import { printable } from '#core/text-width.ts';

/** Slack's three control characters (docs.slack.dev/messaging/formatting-message-text). */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Undoes `escaped`, for text that people typed and Slack escaped. */
export function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** At most so many UTF-16 units, whole characters, with an ellipsis where something is missing. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, most - 1);
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}

/** One line that nothing reads as markup, for `text` of a message: at most so long after escaping. */
export function fallbackText(text: string, most: number): string {
  const plain = printable(text).replace(/@(?=here|channel|everyone)/gi, '@\u2060');
  let kept = Math.min(plain.length, most);
  let shown = escaped(cut(plain, kept));
  while (shown.length > most) {
    kept -= Math.max(1, Math.ceil((shown.length - most) / 5));
    shown = escaped(cut(plain, kept));
  }
  return shown;
}
