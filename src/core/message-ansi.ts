import type { View } from './message.ts';
import type { Ink, Piece, TextOptions } from './message-pieces.ts';
import { viewRows } from './message-rows.ts';

/** Select Graphic Rendition parameters (ECMA-48) for each ink. */
const inks: Readonly<Record<Ink, string>> = {
  plain: '',
  strong: '1',
  dim: '2',
  code: '36',
  good: '32',
  bad: '31',
  warn: '33',
  busy: '34',
};

/** A view for a terminal with colours; links are followed where the terminal can (OSC 8). */
export function viewAnsi(view: View, options: TextOptions): string {
  return viewRows(view, options)
    .map((row) => row.map(painted).join('').replaceAll('\u00a0', ' '))
    .join('\n');
}

function painted(piece: Piece): string {
  const code = inks[piece.ink];
  const text = code === '' ? piece.text : `\u001b[${code}m${piece.text}\u001b[0m`;
  if (piece.url === undefined) return text;
  return `\u001b]8;;${piece.url}\u001b\\${text}\u001b]8;;\u001b\\`;
}
