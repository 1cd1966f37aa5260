import { didYouMean } from '#core/did-you-mean.ts';

/** Most names that are listed when none is near. */
const listed = 10;

/**
 * One sentence that helps after an unknown name: what may have been meant, else what is known.
 * Only to be shown: nothing is done with a guess. `noun` in the plural: `environments`.
 */
export function suggestion(word: string, known: readonly string[], noun: string): string {
  const near = didYouMean(word, known);
  if (near !== null) return `Did you mean “${near}”?`;
  if (known.length === 0) return `There are no ${noun} yet.`;
  const shown = known.slice(0, listed);
  const more = known.length > shown.length ? ` and ${known.length - shown.length} more` : '';
  return `Known ${noun}: ${shown.join(', ')}${more}.`;
}
