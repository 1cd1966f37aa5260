import type { Line, Span } from '#core/message.ts';
import { printable } from '#core/text-width.ts';
import { cut } from './plain-text.ts';

/** A block of Block Kit as Slack reads it. */
export type Json = Readonly<Record<string, unknown>>;

interface Style {
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly code?: boolean;
}

/** The longest text of one line. Slack names no limit for rich text; this is that of a section. */
export const lineMax = 2_800;

/**
 * A line as elements of a `rich_text_section`. These carry text as text: nothing in it is read as
 * markup or as a mention, so nothing needs to be escaped.
 */
export function richLine(line: Line, style: Style = {}): readonly Json[] {
  const elements: Json[] = [];
  let room = lineMax;
  for (const span of line) {
    if (room <= 0) break;
    const element = richSpan(span, style, room);
    if (element === null) continue;
    elements.push(element.json);
    room -= element.length;
  }
  return elements;
}

function richSpan(
  span: Span,
  style: Style,
  room: number,
): { readonly json: Json; readonly length: number } | null {
  if (typeof span === 'string') return textElement(span, style, room);
  switch (span.kind) {
    case 'strong':
      return textElement(span.text, { ...style, bold: true }, room);
    case 'code':
      return textElement(span.text, { ...style, code: true }, room);
    // A mention would notify on every post: the name is enough.
    case 'person':
      return textElement(span.name, style, room);
    // Whoever writes this span wants the group to notice; an edit notifies nobody again.
    case 'group':
      return /^S[A-Z0-9]{1,30}$/.test(span.group.group) && span.group.platform === 'slack'
        ? {
            json: { type: 'usergroup', usergroup_id: span.group.group, ...styled(style) },
            length: 20,
          }
        : textElement(span.name, style, room);
    case 'link':
      return linkElement(span.text, span.url, style, room);
    case 'time': {
      const format =
        span.as === 'relative'
          ? '{ago}'
          : span.as === 'clock'
            ? '{time_secs}'
            : '{date_num} {time}';
      const fallback = Temporal.Instant.fromEpochMilliseconds(span.at).toString({
        smallestUnit: 'second',
      });
      const timestamp = Math.floor(span.at / 1000);
      return { json: { type: 'date', timestamp, format, fallback }, length: 20 };
    }
  }
}

/** One text element, or null for an empty text, which Slack refuses. */
function textElement(text: string, style: Style, room: number) {
  const shown = cut(printable(text), room);
  return shown === ''
    ? null
    : { json: { type: 'text', text: shown, ...styled(style) }, length: shown.length };
}

function linkElement(text: string, url: string, style: Style, room: number) {
  if (!URL.canParse(url) || !/^https?:/.test(url) || url.length > 2_000) {
    return textElement(text, style, room);
  }
  const label = cut(printable(text), Math.min(room, 500));
  const json = { type: 'link', url, ...(label === '' ? {} : { text: label }), ...styled(style) };
  return { json, length: label.length + url.length };
}

function styled(style: Style): { readonly style?: Style } {
  return Object.keys(style).length === 0 ? {} : { style };
}

/** Preformatted rows; control characters other than line breaks do not get through. */
export function preformatted(text: string): Json {
  const shown = cut(text.split('\n').map(printable).join('\n'), lineMax);
  const elements = [{ type: 'text', text: shown === '' ? ' ' : shown }];
  return { type: 'rich_text_preformatted', elements };
}
