/** What goes into a query: a text that somebody else chose, or a part of PromQL that we made. */
export type Placeholder =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'duration'; readonly seconds: number }
  | { readonly kind: 'number'; readonly value: number };

/** A query with its placeholders filled in, or one plain sentence that says why it cannot be. */
export type Filled =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly because: string };

/** Where a character of PromQL stands: in the language itself, or within a literal of this quote. */
type Quote = '"' | "'" | '`';

const placeholder = /\{\{\s*([A-Za-z][\w.-]*)\s*\}\}/g;

/** Literals of the three quotes, comments, what lies between, and a quote that is never closed. */
const parts = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|#[^\n]*|[^"'`#]+|["'`]/gs;

/**
 * Fills `{{name}}` in. A text becomes a quoted literal, or the inside of the literal in which its
 * placeholder stands, and after `=~` and `!~` it matches itself alone: whatever it holds, it stays
 * one value. Durations and numbers stand where PromQL wants them, never within a literal.
 */
export function fillPromql(
  query: string,
  placeholders: Readonly<Record<string, Placeholder>>,
): Filled {
  let text = '';
  for (const [part] of query.matchAll(parts)) {
    if (part.startsWith('#')) continue;
    const quote = isQuote(part[0]) ? part[0] : null;
    if (quote !== null && part.length === 1) {
      return { ok: false, because: `A ${quote} is opened and never closed.` };
    }
    const filled = fillPart(part, placeholders, quote, text);
    if (!filled.ok) return filled;
    text += filled.text;
  }
  return { ok: true, text: text.trim() };
}

/** Fills in a literal, or what stands outside of literals; `before` is all that came before it. */
function fillPart(
  part: string,
  placeholders: Readonly<Record<string, Placeholder>>,
  quote: Quote | null,
  before: string,
): Filled {
  let text = '';
  let from = 0;
  for (const match of part.matchAll(placeholder)) {
    const name = match[1] ?? '';
    text += part.slice(from, match.index);
    from = match.index + match[0].length;
    const value = Object.hasOwn(placeholders, name) ? placeholders[name] : undefined;
    if (value === undefined) return unknown(name, Object.keys(placeholders));
    const isPattern = endsInPattern(quote === null ? before + text : before);
    const filled = written(name, value, quote, isPattern);
    if (!filled.ok) return filled;
    text += filled.text;
  }
  return { ok: true, text: text + part.slice(from) };
}

/** A text as a literal of PromQL: every sign of it is only itself. */
export function literal(text: string): string {
  return `"${escaped(text, '"')}"`;
}

/** A text as a pattern (RE2) that matches that text and nothing else. */
export function patternOf(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

/** Seconds as PromQL writes durations, exact to the millisecond. */
export function durationOf(seconds: number): string {
  const ms = Math.max(1, Math.round(seconds * 1000));
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

function written(
  name: string,
  value: Placeholder,
  quote: Quote | null,
  isPattern: boolean,
): Filled {
  if (value.kind !== 'text') {
    if (quote !== null) {
      return { ok: false, because: `{{${name}}} is a ${value.kind}: it cannot stand in a text.` };
    }
    const text = value.kind === 'duration' ? durationOf(value.seconds) : String(value.value);
    return { ok: true, text };
  }
  const text = isPattern ? patternOf(value.value) : value.value;
  if (quote === '`') {
    return { ok: false, because: `{{${name}}} cannot stand between backticks: use quotes.` };
  }
  return { ok: true, text: quote === null ? literal(text) : escaped(text, quote) };
}

function escaped(text: string, quote: '"' | "'"): string {
  return [...text.toWellFormed()].map((sign) => escapedSign(sign, quote)).join('');
}

function escapedSign(sign: string, quote: string): string {
  if (sign === '\\' || sign === quote) return `\\${sign}`;
  const code = sign.codePointAt(0) ?? 0;
  if (code >= 0x20 && code !== 0x7f) return sign;
  return `\\u${code.toString(16).padStart(4, '0')}`;
}

function endsInPattern(code: string): boolean {
  return /[=!]~\s*$/.test(code);
}

function isQuote(sign: string | undefined): sign is Quote {
  return sign === '"' || sign === "'" || sign === '`';
}

function unknown(name: string, known: readonly string[]): Filled {
  const all = known.map((one) => `{{${one}}}`).join(', ');
  return { ok: false, because: `There is no {{${name}}}. There are: ${all}.` };
}
