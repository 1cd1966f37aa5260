/** Names longer than this are not compared: the cost grows with the square. */
const longestCompared = 64;

/**
 * The number of insertions, deletions, replacements and swaps of neighbours that turn one text
 * into the other (optimal string alignment, the restricted form of Damerau 1964 and Levenshtein
 * 1966).
 */
export function editDistance(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const same = left[i - 1] === right[j - 1];
      let best = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped =
        i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      if (swapped) best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[right.length] ?? 0;
}

/** The known names that a mistyped word may have meant, best first, at most `limit`. Never a guess: only to be shown. */
export function closest(word: string, known: Iterable<string>, limit = 3): readonly string[] {
  if (word.length === 0 || word.length > longestCompared) return [];
  const wanted = word.toLowerCase();
  const allowed = wanted.length <= 3 ? 1 : wanted.length <= 7 ? 2 : 3;
  const found: { readonly name: string; readonly distance: number }[] = [];
  for (const name of known) {
    const distance = nearness(wanted, name.toLowerCase(), allowed);
    if (distance !== null) found.push({ name, distance });
  }
  found.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return found.slice(0, limit).map(({ name }) => name);
}

function nearness(wanted: string, name: string, allowed: number): number | null {
  if (wanted.length >= 2 && name.startsWith(wanted)) return 0.5;
  if (Math.abs(name.length - wanted.length) > allowed) return null;
  const distance = editDistance(wanted, name);
  return distance <= allowed && distance < wanted.length ? distance : null;
}

/**
 * One sentence that helps after an unknown name: what may have been meant, else what is known.
 * `noun` in the plural: `environments`.
 */
export function didYouMean(word: string, known: readonly string[], noun: string): string {
  const near = closest(word, known);
  if (near.length > 0) return `Did you mean ${near.map((name) => `“${name}”`).join(' or ')}?`;
  if (known.length === 0) return `There are no ${noun} yet.`;
  const shown = [...known].sort().slice(0, 10);
  const more = known.length > shown.length ? ` and ${known.length - shown.length} more` : '';
  return `Known ${noun}: ${shown.join(', ')}${more}.`;
}
