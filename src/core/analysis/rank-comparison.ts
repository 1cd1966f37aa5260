import type { Bounds, Comparison } from './comparison.ts';
import { shiftEstimate } from './hodges-lehmann.ts';
import { autocorrelationTime } from './inefficiency.ts';
import { evidenceOfShift, type RankedPairs, rankPairs, scores } from './rank-evidence.ts';
import { boundary } from './root.ts';
import { mostTelling, type Stretch } from './stretch.ts';

/** Standard errors added to what is measured of the memory of the values. */
const caution = 0.5;
const halvings = 14;

/** Values of both sides in one interval. */
export interface ValuePair {
  readonly stable: number;
  readonly candidate: number;
}

/**
 * Compares levels by ranks, on values divided by their common scale, so that seconds and
 * milliseconds give the same verdict. Symmetric under exchange of the sides.
 */
export function compareRanks(pairs: readonly ValuePair[], leftOut: readonly string[]): Comparison {
  const scale = commonScale(pairs);
  const ranked = rankPairs(
    pairs.map((pair) => pair.stable / scale),
    pairs.map((pair) => pair.candidate / scale),
  );
  const stable = Float64Array.from(ranked.stable).sort();
  const candidate = Float64Array.from(ranked.candidate).sort();
  const estimate = shiftEstimate(stable, candidate);
  const surprises = scores(ranked, estimate);
  const inefficiency = autocorrelationTime([...surprises], caution);
  const spare = {
    up: mostTelling(surprises),
    down: mostTelling(surprises.map((score) => -score)),
  };
  const scored = scores(ranked, 0);
  const up = evidenceOfShift(scored, spare.up);
  const down = evidenceOfShift(
    scored.map((score) => -score),
    spare.down,
  );
  const reach =
    (candidate[candidate.length - 1] ?? 0) -
    (stable[0] ?? 0) +
    (stable[stable.length - 1] ?? 0) -
    (candidate[0] ?? 0);
  return {
    test: 'sequential rank test',
    stable: { points: pairs.length, requests: null, value: median(stable) * scale },
    candidate: { points: pairs.length, requests: null, value: median(candidate) * scale },
    estimate: estimate * scale,
    evidence: { up: up / inefficiency, down: down / inefficiency },
    inefficiency,
    bounds: (threshold) => bounds(ranked, spare, estimate, reach, threshold * inefficiency, scale),
    leftOut,
  };
}

/** Median size of all values; 1 when most are zero and the mean is too. */
function commonScale(pairs: readonly ValuePair[]): number {
  const sizes = Float64Array.from(
    pairs.flatMap((pair) => [Math.abs(pair.stable), Math.abs(pair.candidate)]),
  ).sort();
  const middle = sizes[sizes.length >> 1] ?? 0;
  if (middle > 0) return middle;
  return sizes[sizes.length - 1] || 1;
}

export function median(ordered: Float64Array): number {
  const half = ordered.length >> 1;
  const upper = ordered[half] ?? Number.NaN;
  return ordered.length % 2 === 1 ? upper : ((ordered[half - 1] ?? Number.NaN) + upper) / 2;
}

function bounds(
  ranked: RankedPairs,
  spare: { readonly up: Stretch; readonly down: Stretch },
  estimate: number,
  reach: number,
  threshold: number,
  scale: number,
): Bounds {
  const above = (shift: number): boolean =>
    evidenceOfShift(scores(ranked, shift), spare.up) >= threshold;
  const below = (shift: number): boolean =>
    evidenceOfShift(
      scores(ranked, shift).map((score) => -score),
      spare.down,
    ) >= threshold;
  return {
    low: end(estimate, -1, reach, above) * scale,
    high: end(estimate, 1, reach, below) * scale,
  };
}

/** The end of the interval on one side; infinite when even the farthest shift is not rejected. */
function end(
  estimate: number,
  side: 1 | -1,
  reach: number,
  rejected: (shift: number) => boolean,
): number {
  const farthest = estimate + side * (reach + 1);
  if (!rejected(farthest)) return side * Number.POSITIVE_INFINITY;
  if (rejected(0) && Math.sign(estimate) === -side)
    return boundary(estimate, 0, rejected, halvings);
  if (estimate * side < 0 && !rejected(0)) return boundary(0, farthest, rejected, halvings);
  return boundary(estimate, farthest, rejected, halvings);
}
