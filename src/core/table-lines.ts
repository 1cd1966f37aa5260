import type { Block, Line, Span } from './message.ts';
import { viewText } from './message-text.ts';
import { printable, textWidth } from './text-width.ts';

type Table = Extract<Block, { kind: 'table' }>;

/** Columns of fixed width that a phone shows without breaking rows. */
const phoneWidth = 44;
/** More than any table needs. */
const unbounded = 1_000;

/** A table in rows of fixed width, or null when a phone would break them or cells would be cut. */
export function narrowTable(table: Table, now: number): string | null {
  const alone = { tone: 'neutral', title: '', summary: '', blocks: [table] } as const;
  const [, , ...rows] = viewText(alone, { width: unbounded, now }).split('\n');
  return rows.every((row) => textWidth(row) <= phoneWidth) ? rows.join('\n') : null;
}

/**
 * A table for a screen that is too narrow for it: a line a row, the first cell in bold, behind it
 * the others with the names of their columns. Two columns need no names, and empty cells no place.
 */
export function tableLines({ columns, rows }: Table): readonly Line[] {
  return rows.map((row) => {
    const [first = [], ...others] = row;
    const told = others.flatMap((cell, index): readonly Line[] => {
      if (isEmpty(cell)) return [];
      const name = columns.length > 2 ? `${columns[index + 1]?.label ?? ''} ` : '';
      return [[name, ...cell]];
    });
    const behind: readonly Line[] = told.length === 0 ? [['–']] : told;
    return [
      ...strong(first),
      ...behind.flatMap((cell, index) => [index === 0 ? '  ' : ' · ', ...cell]),
    ];
  });
}

function strong(line: Line): readonly Span[] {
  return line.map((span) => (typeof span === 'string' ? { kind: 'strong', text: span } : span));
}

function isEmpty(line: Line): boolean {
  return line.every((span) => typeof span === 'string' && /^[\s–-]*$/.test(printable(span)));
}
