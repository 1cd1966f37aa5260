import type { Comparison } from './comparison.ts';
import { shiftEstimate } from './hodges-lehmann.ts';
import { memoryOf } from './inefficiency.ts';
import { shiftBounds } from './rank-bounds.ts';
import { evidenceOfShift } from './rank-evidence.ts';
import { type Ranking, rank, type Sides, scoreShift } from './ranking.ts';
import { room } from './room.ts';
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

/** The values of pairs, side by side: long series are compared without an object per pair. */
export function columnsOf(pairs: readonly ValuePair[]): Sides {
  return {
    stable: Float64Array.from(pairs, (pair) => pair.stable),
    candidate: Float64Array.from(pairs, (pair) => pair.candidate),
  };
}

/**
 * Compares levels by ranks, on values divided by their common scale, so that seconds and
 * milliseconds give the same verdict. Symmetric under exchange of the sides.
 */
export function compareRanks(all: Sides): Comparison {
  const points = all.stable.length;
  const merged = Math.max(1, 2 ** Math.ceil(Math.log2(points / most)));
  const ranking = scaledRanking(merged === 1 ? all : mergedSides(all, merged));
  const { length } = ranking.series.stable;
  const { scale } = ranking;
  const { sorted: stable } = ranking.stable;
  const { sorted: candidate } = ranking.candidate;
  const estimate = shiftEstimate(stable, candidate);
  const surprises = new Float64Array(length);
  scoreShift(ranking, estimate, surprises);
  const spared = { up: mostTelling(surprises, 1), down: mostTelling(surprises, -1) };
  const measured = memoryOf(surprises);
  const inefficiency = measured.time * (1 + caution * measured.doubt);
  const scores = new Float64Array(length);
  scoreShift(ranking, 0, scores);
  const level = Math.abs(median(stable));
  return {
    test: 'sequential rank test',
    stable: { points, requests: null, value: median(stable) * scale },
    candidate: { points, requests: null, value: median(candidate) * scale },
    estimate: estimate * scale,
    evidence: {
      up: evidenceOfShift(scores, 1, spared.up) / inefficiency,
      down: evidenceOfShift(scores, -1, spared.down) / inefficiency,
    },
    deviation: deviationOf(scores, inefficiency),
    inefficiency,
    variations: [],
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

/**
 * The evidence that `compareRanks` of so many values would find before anything is taken off it:
 * most stretches show so little that the rest of the work is spared.
 */
export function mostOfRanks(all: Sides): number {
  if (all.stable.length > most) return Number.POSITIVE_INFINITY;
  const scores = new Float64Array(all.stable.length);
  scoreShift(scaledRanking(all), 0, scores);
  const whole = { from: 0, to: 0 };
  return Math.max(evidenceOfShift(scores, 1, whole), evidenceOfShift(scores, -1, whole));
}

/** Wilcoxon's signed statistic over its standard deviation, given the sizes of the scores. */
function deviationOf(scores: Float64Array, inefficiency: number): Comparison['deviation'] {
  let sum = 0;
  let squares = 0;
  for (const score of scores) {
    sum += score;
    squares += score * score;
  }
  const up = squares === 0 ? 0 : sum / Math.sqrt(squares * inefficiency);
  return { up, down: -up };
}

/** Medians of `length` neighbours each, per side; what is left over at the end waits for more. */
function mergedSides({ stable, candidate }: Sides, length: number): Sides {
  const merged = (values: Float64Array): Float64Array =>
    Float64Array.from({ length: Math.floor(values.length / length) }, (_, i) =>
      median(values.slice(i * length, (i + 1) * length).sort()),
    );
  return { stable: merged(stable), candidate: merged(candidate) };
}

/** Values divided by what both sides are like: the mean size of their medians. */
function scaledRanking({ stable, candidate }: Sides): Ranking & { readonly scale: number } {
  const space = room(4, stable.length);
  const copied = (values: Float64Array): Float64Array => {
    const copy = space.doubles(values.length);
    copy.set(values);
    return copy;
  };
  const series = { stable: copied(stable), candidate: copied(candidate) };
  const sorted = { stable: copied(stable).sort(), candidate: copied(candidate).sort() };
  const scale = commonScale(sorted.stable, sorted.candidate);
  divide(sorted.stable, scale);
  divide(sorted.candidate, scale);
  divide(series.stable, scale);
  divide(series.candidate, scale);
  return { ...rank(series, sorted), scale };
}

function divide(values: Float64Array, by: number): void {
  for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) / by;
}

/** The largest size where most are zero; 1 when all are. */
function commonScale(stable: Float64Array, candidate: Float64Array): number {
  const middle = (Math.abs(median(stable)) + Math.abs(median(candidate))) / 2;
  if (middle > 0) return middle;
  const last = stable.length - 1;
  const ends = [stable[0], stable[last], candidate[0], candidate[last]];
  return Math.max(...ends.map((end) => Math.abs(end ?? 0))) || 1;
}

function median(ordered: Float64Array): number {
  const half = ordered.length >> 1;
  const upper = ordered[half] ?? Number.NaN;
  return ordered.length % 2 === 1 ? upper : ((ordered[half - 1] ?? Number.NaN) + upper) / 2;
}
