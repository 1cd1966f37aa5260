import type { Comparison } from './comparison.ts';
import { shiftEstimate } from './hodges-lehmann.ts';
import { autocorrelationTime } from './inefficiency.ts';
import { shiftBounds } from './rank-bounds.ts';
import { evidenceOfShift, rankPairs, scores } from './rank-evidence.ts';
import { mostTelling } from './stretch.ts';

/** Standard errors added to what is measured of the memory of the values. */
const caution = 0.5;
/** Above this many pairs neighbours are merged, so that no comparison takes long. */
const most = 1024;

/** Values of both sides in one interval. */
export interface ValuePair {
  readonly stable: number;
  readonly candidate: number;
}

/**
 * Compares levels by ranks, on values divided by their common scale, so that seconds and
 * milliseconds give the same verdict. Symmetric under exchange of the sides. `memory`: intervals
 * that a value is known to cover, 1 when each covers its own.
 */
export function compareRanks(all: readonly ValuePair[], memory: number): Comparison {
  const merged = Math.max(1, 2 ** Math.ceil(Math.log2(all.length / most)));
  const pairs = merged === 1 ? all : mergedPairs(all, merged);
  const scale = commonScale(pairs);
  const ranked = rankPairs(
    pairs.map((pair) => pair.stable / scale),
    pairs.map((pair) => pair.candidate / scale),
  );
  const stable = Float64Array.from(ranked.stable).sort();
  const candidate = Float64Array.from(ranked.candidate).sort();
  const estimate = shiftEstimate(stable, candidate);
  const surprises = scores(ranked, estimate);
  const spared = { up: mostTelling(surprises), down: mostTelling(surprises.map((s) => -s)) };
  const inefficiency = Math.max(
    autocorrelationTime([...surprises], caution),
    Math.min(pairs.length, memory / merged),
  );
  const scored = scores(ranked, 0);
  const level = Math.abs(median(stable));
  const bounds = (threshold: number) => {
    const { low, high } = shiftBounds(ranked, estimate, spared, threshold * inefficiency);
    return { low: low * scale, high: high * scale };
  };
  return {
    test: 'sequential rank test',
    stable: { points: all.length, requests: null, value: median(stable) * scale },
    candidate: { points: all.length, requests: null, value: median(candidate) * scale },
    estimate: estimate * scale,
    evidence: {
      up: evidenceOfShift(scored, spared.up) / inefficiency,
      down:
        evidenceOfShift(
          scored.map((score) => -score),
          spared.down,
        ) / inefficiency,
    },
    inefficiency,
    bounds,
    detectable(threshold) {
      const room = estimate - bounds(threshold).low / scale;
      return level === 0 || !Number.isFinite(room) ? null : room / level;
    },
  };
}

/** Medians of `length` neighbours each, per side; what is left over at the end waits for more. */
function mergedPairs(pairs: readonly ValuePair[], length: number): readonly ValuePair[] {
  const merged: ValuePair[] = [];
  for (let from = 0; from + length <= pairs.length; from += length) {
    const block = pairs.slice(from, from + length);
    merged.push({
      stable: median(Float64Array.from(block, (pair) => pair.stable).sort()),
      candidate: median(Float64Array.from(block, (pair) => pair.candidate).sort()),
    });
  }
  return merged;
}

/** Median size of all values, or the largest where most are zero; 1 when all are. */
function commonScale(pairs: readonly ValuePair[]): number {
  const sizes = new Float64Array(pairs.length * 2);
  pairs.forEach((pair, i) => {
    sizes[2 * i] = Math.abs(pair.stable);
    sizes[2 * i + 1] = Math.abs(pair.candidate);
  });
  sizes.sort();
  return sizes[sizes.length >> 1] || sizes[sizes.length - 1] || 1;
}

function median(ordered: Float64Array): number {
  const half = ordered.length >> 1;
  const upper = ordered[half] ?? Number.NaN;
  return ordered.length % 2 === 1 ? upper : ((ordered[half - 1] ?? Number.NaN) + upper) / 2;
}
