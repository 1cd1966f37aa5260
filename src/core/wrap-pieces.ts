import { type Piece, widthOf } from './message-pieces.ts';
import { characterWidth, textWidth } from './text-width.ts';

/**
 * Breaks pieces into rows of at most `columns`, between words where it can. A word that is longer
 * than a row is cut into rows. Always at least one row.
 */
export function wrapPieces(row: readonly Piece[], columns: number): readonly (readonly Piece[])[] {
  const rows: Piece[][] = [[]];
  let used = 0;
  for (const word of row.flatMap(words)) {
    const space = word.text.trim() === '';
    const width = textWidth(word.text);
    if (used + width > columns && used > 0) {
      rows.push([]);
      used = 0;
    }
    if (space && used === 0) continue;
    for (const part of parts(word, columns)) {
      if (used + textWidth(part.text) > columns && used > 0) {
        rows.push([]);
        used = 0;
      }
      rows.at(-1)?.push(part);
      used += textWidth(part.text);
    }
  }
  return rows.map((broken) => joined(trimmed(broken)));
}

/** Words and the spaces between them; a per cent sign stays with its number. */
function words(piece: Piece): readonly Piece[] {
  return (piece.text.match(/ +|[^ ]+(?: %[^ ]*)*/g) ?? []).map((text) => ({ ...piece, text }));
}

function parts(word: Piece, columns: number): readonly Piece[] {
  if (textWidth(word.text) <= columns) return [word];
  const cut: Piece[] = [];
  let part = '';
  let used = 0;
  for (const character of word.text) {
    const width = characterWidth(character);
    if (used + width > columns && part !== '') {
      cut.push({ ...word, text: part });
      part = '';
      used = 0;
    }
    part += character;
    used += width;
  }
  return [...cut, { ...word, text: part }];
}

function trimmed(row: readonly Piece[]): readonly Piece[] {
  const last = row.at(-1);
  return last !== undefined && last.text.trim() === '' ? row.slice(0, -1) : row;
}

/** Puts neighbours of the same kind together again. */
function joined(row: readonly Piece[]): readonly Piece[] {
  const whole: Piece[] = [];
  for (const piece of row) {
    const last = whole.at(-1);
    if (last !== undefined && last.ink === piece.ink && last.url === piece.url) {
      whole[whole.length - 1] = { ...last, text: last.text + piece.text };
    } else {
      whole.push(piece);
    }
  }
  return whole;
}

/** The row padded with spaces to `columns`. */
export function padPieces(
  row: readonly Piece[],
  columns: number,
  align: 'left' | 'right',
): readonly Piece[] {
  const gap = columns - widthOf(row);
  if (gap <= 0) return row;
  const space: Piece = { text: ' '.repeat(gap), ink: 'plain' };
  return align === 'right' ? [space, ...row] : [...row, space];
}
