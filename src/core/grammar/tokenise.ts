import { refusal } from '#core/refusal.ts';
import { no, ok, type Result } from '#core/result.ts';

/** A word of a command, with its place in the text so that several can be cut out together. */
export interface Token {
  readonly text: string;
  /** It stood in quotation marks: it is never a keyword or an option. */
  readonly quoted: boolean;
  /** `--name` or `--name=value`; null for a plain word. */
  readonly option: { readonly name: string; readonly value: string | null } | null;
  readonly start: number;
  readonly end: number;
}

/** Phones turn straight quotes into these. */
const doubleQuotes = new Set(['"', '“', '”', '„', '«', '»']);
const singleQuotes = new Set(["'", '‘', '’', '‚']);
/** Phones turn two hyphens into a dash. */
const optionPattern = /^(?:--|[—–])([a-z][a-z0-9-]*)(?:(=)([\s\S]*))?$/i;
/** An option up to its equals sign: a quotation may begin after it. */
const optionHead = /^(?:--|[—–])[a-z][a-z0-9-]*=$/i;

interface Scan {
  readonly text: string;
  readonly end: number;
  readonly quoted: boolean;
}

/**
 * Splits a cleaned text into words. Quotation marks, straight or curly, keep words together; a
 * backslash before a quotation mark or a backslash makes it plain. Refusals: `command.syntax`.
 */
export function tokenise(text: string): Result<readonly Token[]> {
  const tokens: Token[] = [];
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const scanned = scanWord(text, at);
    if (!scanned.ok) return scanned;
    const { text: word, end, quoted } = scanned.value;
    tokens.push({
      text: word,
      quoted,
      option: quoted ? null : asOption(word),
      start: at,
      end,
    });
    at = skipSpace(text, end);
  }
  return ok(tokens);
}

function scanWord(text: string, start: number): Result<Scan> {
  if (opensQuote(text, start)) {
    return scanQuote(text, start);
  }
  let end = start;
  while (end < text.length && !isSpace(text.charAt(end))) {
    end += 1;
    if (optionHead.test(text.slice(start, end)) && opensQuote(text, end)) {
      const value = scanQuote(text, end);
      if (!value.ok) return value;
      return ok({
        text: text.slice(start, end) + value.value.text,
        end: value.value.end,
        quoted: false,
      });
    }
  }
  return ok({ text: text.slice(start, end), end, quoted: false });
}

function opensQuote(text: string, at: number): boolean {
  const character = text.charAt(at);
  if (doubleQuotes.has(character)) return true;
  return singleQuotes.has(character) && closingSingle(text, at + 1) > 0;
}

/** A single quote closes only at the end of a word; inside one it is an apostrophe. */
function closingSingle(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (singleQuotes.has(text.charAt(at)) && endsWord(text, at + 1)) return at;
  }
  return -1;
}

function scanQuote(text: string, start: number): Result<Scan> {
  if (singleQuotes.has(text.charAt(start))) {
    const close = closingSingle(text, start + 1);
    return ok({ text: text.slice(start + 1, close), end: close + 1, quoted: true });
  }
  let content = '';
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    const following = text.charAt(at + 1);
    if (character === '\\' && (doubleQuotes.has(following) || following === '\\')) {
      content += following;
      at += 1;
    } else if (!doubleQuotes.has(character)) {
      content += character;
    } else if (endsWord(text, at + 1)) {
      return ok({ text: content, end: at + 1, quoted: true });
    } else {
      return no(
        refusal(
          'command.syntax',
          `Something follows the quotation “${short(content)}” without a space.`,
          'Put a space after the closing quotation mark.',
        ),
      );
    }
  }
  return no(
    refusal(
      'command.syntax',
      `The quotation that begins with “${short(content)}” is never closed.`,
      'Close it with a quotation mark.',
    ),
  );
}

function asOption(word: string): Token['option'] {
  const match = optionPattern.exec(word);
  if (match === null) return null;
  const value = match[2] === undefined ? null : (match[3] ?? '');
  return { name: (match[1] ?? '').toLowerCase(), value };
}

function short(text: string): string {
  const characters = [...text];
  return characters.length > 24 ? `${characters.slice(0, 24).join('')}…` : text;
}

function endsWord(text: string, at: number): boolean {
  return at >= text.length || isSpace(text.charAt(at));
}

/** A space or a no-break space; all other white space was refused or turned into these before. */
function isSpace(character: string): boolean {
  return character === ' ' || character === '\u00a0';
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text.charAt(at))) at += 1;
  return at;
}
