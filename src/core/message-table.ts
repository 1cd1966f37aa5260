import type { Block } from './message.ts';
import { type Piece, pieces, plain, type TextOptions, widthOf } from './message-pieces.ts';
import { printable, textWidth } from './text-width.ts';
import { padPieces, wrapPieces } from './wrap-pieces.ts';

type Table = Extract<Block, { kind: 'table' }>;
type Row = readonly Piece[];

const gap = 2;
/** A column is not narrowed below this; a table that does not fit then is written as records. */
const narrowest = 6;
/** A cell that would take more rows than this is easier to read in a record. */
const highest = 3;

/** A table in aligned columns, or as one record per row where the width does not hold its columns. */
export function tableRows(table: Table, options: TextOptions): readonly Row[] {
  const cells = table.rows.map((row) =>
    table.columns.map((_, column) => pieces(row[column] ?? [], options)),
  );
  const wanted = table.columns.map(({ label }, column) =>
    Math.max(textWidth(printable(label)), ...cells.map((row) => widthOf(row[column] ?? []))),
  );
  const widths = fitted(wanted, options.width - gap * (table.columns.length - 1));
  if (widths === null || tooHigh(cells, widths)) return records(table, cells, options);
  return grid(table, cells, widths);
}

function tooHigh(cells: readonly (readonly Row[])[], widths: readonly number[]): boolean {
  return cells.some((row) =>
    row.some((cell, column) => wrapPieces(cell, widths[column] ?? narrowest).length > highest),
  );
}

/** Takes from the widest column until all fit; null when they cannot. */
function fitted(wanted: readonly number[], room: number): readonly number[] | null {
  const widths = [...wanted];
  let total = widths.reduce((sum, width) => sum + width, 0);
  while (total > room) {
    const widest = widths.indexOf(Math.max(...widths));
    const width = widths[widest] ?? 0;
    if (width <= narrowest) return null;
    widths[widest] = width - 1;
    total -= 1;
  }
  return widths;
}

/** Nothing is cut: what is wider than its column goes on in the next row. */
function grid(table: Table, cells: readonly (readonly Row[])[], widths: readonly number[]): Row[] {
  const header = table.columns.map(({ label }) => [plain(printable(label), 'dim')]);
  return [header, ...cells].flatMap((row) => {
    const wrapped = row.map((cell, column) => wrapPieces(cell, widths[column] ?? narrowest));
    const height = Math.max(1, ...wrapped.map((rows) => rows.length));
    return Array.from({ length: height }, (_, at) =>
      trimEnd(
        wrapped.flatMap((rows, column) => {
          const align = table.columns[column]?.align ?? 'left';
          const text = padPieces(rows[at] ?? [], widths[column] ?? narrowest, align);
          return column === 0 ? text : [plain(' '.repeat(gap)), ...text];
        }),
      ),
    );
  });
}

function records(
  table: Table,
  cells: readonly (readonly Row[])[],
  options: TextOptions,
): readonly Row[] {
  return cells.flatMap((row, index) => [
    ...(index === 0 ? [] : [[]]),
    ...row.flatMap((cell, column) => {
      const label = printable(table.columns[column]?.label ?? '');
      return wrapPieces([plain(`${label}: `, 'dim'), ...cell], options.width);
    }),
  ]);
}

/** Drops the spaces at the end of a row. */
export function trimEnd(row: Row): Row {
  const last = row.at(-1);
  if (last === undefined) return row;
  const text = last.text.trimEnd();
  if (text === '') return trimEnd(row.slice(0, -1));
  return [...row.slice(0, -1), { ...last, text }];
}
