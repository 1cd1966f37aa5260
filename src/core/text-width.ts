/**
 * Text that cannot steer a terminal or hide its direction: control characters and bidirectional
 * overrides become spaces or vanish. Line breaks become spaces.
 */
export function printable(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get through
      .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
      .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
  );
}

/** Columns that a printable text takes in a terminal: wide characters count two, marks none. */
export function textWidth(text: string): number {
  // Nearly all of it, and much of it: one look at the whole.
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** Columns of one printable character. */
export function characterWidth(character: string): number {
  if (/^[ -~]$/.test(character)) return 1;
  if (/^(?:\p{Mn}|\p{Me}|\u200d)$/u.test(character)) return 0;
  return isWide(character) ? 2 : 1;
}

/** East Asian wide and full-width characters (Unicode annex 11), and emoji shown as such. */
function isWide(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x20000 && code <= 0x3fffd) ||
    /^\p{Emoji_Presentation}$/u.test(character)
  );
}

/** The text cut to a number of columns, with an ellipsis where something is missing. */
export function clip(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  if (columns <= 1) return columns === 1 ? '…' : '';
  let kept = '';
  let width = 0;
  for (const character of text) {
    width += characterWidth(character);
    if (width > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/**
 * One line as several of at most `columns`, those after the first of at most `later`: broken behind a
 * space where there is one, anywhere else. At least one, and no space at the beginning is lost.
 */
export function foldText(text: string, columns: number, later: number): readonly string[] {
  if (textWidth(text) <= columns) return [text];
  let kept = '';
  let width = 0;
  for (const character of text) {
    width += characterWidth(character);
    if (width > columns) break;
    kept += character;
  }
  const space = kept.lastIndexOf(' ');
  const gap = kept.length - kept.trimStart().length;
  const end = space > gap ? space + 1 : Math.max(1, kept.length);
  const rest = text.slice(end).trimStart();
  return [text.slice(0, end).trimEnd(), ...(rest === '' ? [] : foldText(rest, later, later))];
}
