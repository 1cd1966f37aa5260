/**
 * The candidate that was most likely meant, or null when nothing is near enough: at most a third
 * of the letters wrong, or the word is the beginning of exactly one candidate. Only ever a
 * suggestion: nothing is done with a guess.
 */
export function didYouMean(word: string, candidates: Iterable<string>): string | null {
  const typed = word.slice(0, 64).toLowerCase();
  const names = [...candidates];
  const begun = names.filter((name) => typed.length >= 2 && name.toLowerCase().startsWith(typed));
  if (begun.length === 1) return begun[0] ?? null;
  let best: string | null = null;
  let bestDistance = Math.floor(Math.max(typed.length, 3) / 3) + 1;
  for (const name of names) {
    const distance = editDistance(typed, name.toLowerCase().slice(0, 64));
    if (distance >= bestDistance) continue;
    best = name;
    bestDistance = distance;
  }
  return best;
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforePrevious: readonly number[] = [];
  let previous: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current: number[] = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const swapped =
        row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current.push(
        Math.min(
          at(previous, column) + 1,
          at(current, column - 1) + 1,
          at(previous, column - 1) + (same ? 0 : 1),
          swapped ? at(beforePrevious, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
