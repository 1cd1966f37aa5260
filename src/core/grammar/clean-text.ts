import { refusal } from '#core/refusal.ts';
import { no, ok, type Result } from '#core/result.ts';

/** Characters that a command, a reason or a comment may have. Counted in UTF-16 code units. */
export const longestText = 2000;

/** Control, format (bidirectional marks, zero-width), private-use, surrogate and line separators. */
const unwelcome = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\ufffd]/u;

/**
 * Text from a person, fit to be read: NFC, without characters that cannot be seen or that turn the
 * reading order round. Refusals: `command.too_long`, `command.syntax`.
 */
export function cleanText(text: string): Result<string> {
  if (text.length > longestText) {
    return no(
      refusal(
        'command.too_long',
        `The text has ${text.length} characters; ${longestText} are accepted.`,
        'Say it shorter.',
      ),
    );
  }
  const found = unwelcome.exec(text);
  if (found !== null) return no(unseen(found[0], found.index));
  return ok(text.normalize('NFC').trim());
}

/** The same for a text that was asked for in a form: line breaks and tabs become spaces. */
export function cleanInput(text: string): Result<string> {
  return cleanText(text.replaceAll(/[\t\r\n]+/g, ' '));
}

function unseen(character: string, index: number) {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return refusal(
    'command.syntax',
    `The text contains the invisible character U+${code} at position ${index + 1}.`,
    'Type the command by hand, on one line.',
  );
}
