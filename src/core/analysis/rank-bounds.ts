import type { Bounds } from './comparison.ts';
import { evidenceOfShift, type RankedPairs, scores } from './rank-evidence.ts';
import { boundary } from './root.ts';
import type { Stretch } from './stretch.ts';

const halvings = 10;

/** Shifts that evidence at `threshold` does not exclude; infinite where none is excluded. */
export function shiftBounds(
  ranked: RankedPairs,
  estimate: number,
  spared: { readonly up: Stretch; readonly down: Stretch },
  threshold: number,
): Bounds {
  const above = (shift: number): boolean =>
    evidenceOfShift(scores(ranked, shift), spared.up) >= threshold;
  const below = (shift: number): boolean =>
    evidenceOfShift(
      scores(ranked, shift).map((score) => -score),
      spared.down,
    ) >= threshold;
  const { step, farthest } = distances(ranked);
  return {
    low: end(estimate, -step, farthest, above),
    high: end(estimate, step, farthest, below),
  };
}

/**
 * Walks away from the estimate in doubling steps until a shift is rejected, then halves. Where no
 * change is between the two it takes the place of one of them, so that the end agrees with the
 * decision made there.
 */
function end(
  estimate: number,
  step: number,
  farthest: number,
  rejected: (shift: number) => boolean,
): number {
  const side = Math.sign(step);
  if (!rejected(estimate + side * farthest)) return side * Number.POSITIVE_INFINITY;
  let inside = estimate;
  let width = Math.abs(step);
  while (width < farthest && !rejected(estimate + side * width)) {
    inside = estimate + side * width;
    width *= 2;
  }
  const outside = estimate + side * Math.min(width, farthest);
  if (inside * outside >= 0) return boundary(inside, outside, rejected, halvings);
  return rejected(0)
    ? boundary(inside, 0, rejected, halvings)
    : boundary(0, outside, rejected, halvings);
}

/** A quarter of the distance between the quartiles, and one at which the sides cannot overlap. */
function distances(ranked: RankedPairs): { readonly step: number; readonly farthest: number } {
  const all = Float64Array.from([...ranked.stable, ...ranked.candidate]).sort();
  const at = (part: number): number => all[Math.floor((all.length - 1) * part)] ?? 0;
  const range = at(1) - at(0);
  return { step: (at(0.75) - at(0.25)) / 4 || range / 64 || 1e-6, farthest: 2 * range + 1 };
}
