import type { Block, Line } from '#core/message.ts';
import { printable } from '#core/text-width.ts';
import { cut } from './plain-text.ts';
import { type Json, richLine } from './rich-text.ts';

type Table = Extract<Block, { kind: 'table' }>;

/** Limits of `table`: 100 rows with the header, 20 columns, 10,000 characters in all. */
const rowsMax = 100;
const columnsMax = 20;
const textMax = 5_000;

/** A table of Block Kit, or null when it would not fit. */
export function nativeTable(table: Table): Json | null {
  const columns = table.columns.length;
  if (columns === 0 || columns > columnsMax || table.rows.length >= rowsMax) return null;
  const rows = [
    table.columns.map(({ label }) => raw(label)),
    ...table.rows.map((row) => table.columns.map((_, index) => cell(row[index] ?? []))),
  ];
  if (JSON.stringify(rows).length > textMax) return null;
  return {
    type: 'table',
    rows,
    column_settings: table.columns.map(({ align }) => ({
      align: align ?? 'left',
      is_wrapped: true,
    })),
  };
}

function raw(text: string): Json {
  const shown = cut(printable(text), 300);
  return { type: 'raw_text', text: shown === '' ? '–' : shown };
}

function cell(line: Line): Json {
  const [only, ...more] = line;
  if (more.length === 0 && (only === undefined || typeof only === 'string')) return raw(only ?? '');
  const elements = richLine(line);
  if (elements.length === 0) return raw('');
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
}
