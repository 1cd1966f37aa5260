import type { Bounds } from './comparison.ts';
import { evidenceOfShift } from './rank-evidence.ts';
import { type Ranking, scoreShift } from './ranking.ts';
import { boundary, boundaryOffNoChange, excessOf, type Point, pointAt } from './root.ts';
import type { Stretch } from './stretch.ts';

/** Of the distance from the estimate: finer than anybody reads. */
const precision = 0.03;

/** Shifts that evidence at `threshold` does not exclude; infinite where none is excluded. */
export function shiftBounds(
  ranking: Ranking,
  estimate: number,
  spared: { readonly up: Stretch; readonly down: Stretch },
  threshold: number,
): Bounds {
  const scores = new Float64Array(ranking.series.stable.length);
  const excess = (side: 1 | -1, without: Stretch) => (shift: number) => {
    scoreShift(ranking, shift, scores);
    return excessOf(evidenceOfShift(scores, side, without), threshold);
  };
  const { first, farthest } = distances(ranking, threshold);
  return {
    low: end(estimate, -1, first, farthest, excess(1, spared.up)),
    high: end(estimate, 1, first, farthest, excess(-1, spared.down)),
  };
}

/**
 * Tries a likely distance from the estimate, then doubles or halves it until the end lies between
 * two trials, and closes in. Where no change is between the two it takes the place of one of them,
 * so that the end agrees with the decision made there.
 */
function end(
  estimate: number,
  side: 1 | -1,
  first: number,
  farthest: number,
  excess: (shift: number) => number,
): number {
  const away = (distance: number): Point => pointAt(estimate + side * distance, excess);
  let width = first;
  let outside = away(width);
  let inside: Point | null = null;
  while (outside.excess < 0) {
    if (width >= farthest) return side * Number.POSITIVE_INFINITY;
    inside = outside;
    width = Math.min(farthest, width * 2);
    outside = away(width);
  }
  for (let near = width / 2; inside === null && near > first / 64; near /= 2) {
    const tried = away(near);
    if (tried.excess < 0) inside = tried;
    else outside = tried;
  }
  return settle(inside ?? away(0), outside, excess, width * precision);
}

function settle(
  inside: Point,
  outside: Point,
  excess: (shift: number) => number,
  tolerance: number,
): number {
  if (inside.at * outside.at > 0) return boundary(inside, outside, excess, tolerance);
  const unchanged = pointAt(0, excess);
  return unchanged.excess >= 0
    ? boundaryOffNoChange(inside, unchanged, excess, tolerance)
    : boundary(unchanged, outside, excess, tolerance);
}

/**
 * Where the ends are to be expected if values are roughly normal, and a distance at which the sides
 * cannot overlap.
 */
function distances(
  ranking: Ranking,
  threshold: number,
): { readonly first: number; readonly farthest: number } {
  const { sorted: stable } = ranking.stable;
  const { sorted: candidate } = ranking.candidate;
  const last = stable.length - 1;
  const least = Math.min(stable[0] ?? 0, candidate[0] ?? 0);
  const range = Math.max(stable[last] ?? 0, candidate[last] ?? 0) - least;
  const inner = (side: Float64Array): number =>
    (side[Math.floor(last * 0.75)] ?? 0) - (side[Math.floor(last * 0.25)] ?? 0);
  const spread = (inner(stable) + inner(candidate)) / 2 || range / 16 || 1e-6;
  const first = spread * Math.sqrt((threshold + 2) / stable.length) * 1.2;
  const farthest = 2 * range + spread;
  return { first: Math.min(first, farthest), farthest };
}
