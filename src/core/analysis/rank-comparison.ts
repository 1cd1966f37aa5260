import type { Comparison } from './comparison.ts';
import { shiftEstimate } from './hodges-lehmann.ts';
import { memoryOf } from './inefficiency.ts';
import { shiftBounds } from './rank-bounds.ts';
import { evidenceOfShift } from './rank-evidence.ts';
import { rank, scoreShift } from './ranking.ts';
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
  const ranking = rank(column(pairs, 'stable', scale), column(pairs, 'candidate', scale));
  const stable = ranking.series.stable.slice().sort();
  const candidate = ranking.series.candidate.slice().sort();
  const estimate = shiftEstimate(stable, candidate);
  const surprises = new Float64Array(pairs.length);
  scoreShift(ranking, estimate, surprises);
  const spared = { up: mostTelling(surprises, 1), down: mostTelling(surprises, -1) };
  const measured = memoryOf(surprises);
  const inefficiency = Math.max(
    measured.time * (1 + caution * measured.doubt),
    Math.min(pairs.length, memory / merged),
  );
  const scores = new Float64Array(pairs.length);
  scoreShift(ranking, 0, scores);
  const level = Math.abs(median(stable));
  return {
    test: 'sequential rank test',
    stable: { points: all.length, requests: null, value: median(stable) * scale },
    candidate: { points: all.length, requests: null, value: median(candidate) * scale },
    estimate: estimate * scale,
    evidence: {
      up: evidenceOfShift(scores, 1, spared.up) / inefficiency,
      down: evidenceOfShift(scores, -1, spared.down) / inefficiency,
    },
    inefficiency,
    bounds(threshold) {
      const { low, high } = shiftBounds(ranking, estimate, spared, threshold * inefficiency);
      return { low: low * scale, high: high * scale };
    },
    detectable(_, { low }) {
      const room = estimate - low / scale;
      return level === 0 || !Number.isFinite(room) ? null : room / level;
    },
  };
}

function column(
  pairs: readonly ValuePair[],
  side: 'stable' | 'candidate',
  scale: number,
): Float64Array {
  const values = new Float64Array(pairs.length);
  for (let i = 0; i < values.length; i++) values[i] = (pairs[i]?.[side] ?? 0) / scale;
  return values;
}

/** Medians of `length` neighbours each, per side; what is left over at the end waits for more. */
function mergedPairs(pairs: readonly ValuePair[], length: number): readonly ValuePair[] {
  const merged: ValuePair[] = [];
  for (let from = 0; from + length <= pairs.length; from += length) {
    const block = pairs.slice(from, from + length);
    merged.push({
      stable: median(column(block, 'stable', 1).sort()),
      candidate: median(column(block, 'candidate', 1).sort()),
    });
  }
  return merged;
}

/** Median size of all values, or the largest where most are zero; 1 when all are. */
function commonScale(pairs: readonly ValuePair[]): number {
  const sizes = new Float64Array(pairs.length * 2);
  for (let i = 0; i < pairs.length; i++) {
    sizes[2 * i] = Math.abs(pairs[i]?.stable ?? 0);
    sizes[2 * i + 1] = Math.abs(pairs[i]?.candidate ?? 0);
  }
  sizes.sort();
  return sizes[sizes.length >> 1] || sizes[sizes.length - 1] || 1;
}

function median(ordered: Float64Array): number {
  const half = ordered.length >> 1;
  const upper = ordered[half] ?? Number.NaN;
  return ordered.length % 2 === 1 ? upper : ((ordered[half - 1] ?? Number.NaN) + upper) / 2;
}
