import type { Instant } from './ids.ts';
import type { Block, Line, Span, StepMark, Tone } from './message.ts';
import { printable, textWidth } from './text-width.ts';
import { clockTime, dateTime, relativeTime } from './when.ts';

/** What a piece of laid-out text means; a painter gives it its looks. */
export type Ink = 'plain' | 'strong' | 'dim' | 'code' | 'good' | 'bad' | 'warn' | 'busy';

export interface Piece {
  readonly text: string;
  readonly ink: Ink;
  /** Where it leads, for terminals that can follow links. */
  readonly url?: string;
}

/** How a view is laid out as text. */
export interface TextOptions {
  /** Columns; at least 20. */
  readonly width: number;
  readonly now: Instant;
  /** IANA zone of clock times; UTC unless told. */
  readonly zone?: string;
}

/** The mark and ink of a tone. */
export const toneMarks: Readonly<Record<Tone, Piece>> = {
  neutral: { text: '●', ink: 'dim' },
  progress: { text: '▶', ink: 'busy' },
  waiting: { text: '◆', ink: 'warn' },
  success: { text: '✓', ink: 'good' },
  warning: { text: '▲', ink: 'warn' },
  danger: { text: '✗', ink: 'bad' },
};

/** The mark and ink of a step. */
export const stepMarks: Readonly<Record<StepMark, Piece>> = {
  pending: { text: '·', ink: 'dim' },
  running: { text: '▸', ink: 'busy' },
  done: { text: '✓', ink: 'good' },
  failed: { text: '✗', ink: 'bad' },
  errored: { text: '!', ink: 'warn' },
  skipped: { text: '–', ink: 'dim' },
  paused: { text: '‖', ink: 'warn' },
};

/** What is done or still to come is said in plain letters, so that the rest stands out. */
export function isLoud(mark: StepMark): boolean {
  return mark !== 'pending' && mark !== 'done' && mark !== 'skipped';
}

/** A text that is one bold piece: what follows belongs under it. */
export function isHeading(block: Block): boolean {
  if (block.kind !== 'text' || block.line.length !== 1) return false;
  const [span] = block.line;
  return typeof span === 'object' && span.kind === 'strong';
}

/** The pieces of one line of a view, in the given base ink. */
export function pieces(line: Line, options: TextOptions, ink: Ink = 'plain'): readonly Piece[] {
  return line.map((span) => piece(span, options, ink)).filter(({ text }) => text !== '');
}

function piece(span: Span, options: TextOptions, ink: Ink): Piece {
  if (typeof span === 'string') return { text: printable(span), ink };
  switch (span.kind) {
    case 'strong':
      return { text: printable(span.text), ink: 'strong' };
    case 'code':
      return { text: printable(span.text), ink: 'code' };
    case 'link':
      return { text: printable(span.text), ink, url: printable(span.url) };
    case 'person':
    case 'group':
      return { text: printable(span.name), ink };
    case 'time':
      return { text: timeText(span.at, span.as, options), ink };
  }
}

function timeText(at: Instant, as: 'relative' | 'clock' | 'date', options: TextOptions): string {
  const zone = options.zone ?? 'UTC';
  if (as === 'relative') return relativeTime(at, options.now);
  return as === 'clock' ? clockTime(at, zone) : dateTime(at, zone);
}

/** Columns of a row of pieces. */
export function widthOf(row: readonly Piece[]): number {
  return row.reduce((sum, { text }) => sum + textWidth(text), 0);
}

/** A piece of plain text. */
export function plain(text: string, ink: Ink = 'plain'): Piece {
  return { text, ink };
}
