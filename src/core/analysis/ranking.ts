import { type Room, room } from './room.ts';

/** Values as near as this, on the common scale, are tied: a shift and back loses the last digits. */
const same = 1e-10;

/**
 * One side, in epochs of 4 pairs, 4, 8, 16 and so on. Everything of an epoch that begins at pair
 * `from` lies from `from` on in these arrays, in rising order of its values.
 */
interface OrderedSide {
  readonly values: Float64Array;
  /** Position of each in the series. */
  readonly at: Int32Array;
  /** Twice the mid-rank of each among the values of its own side before its epoch. */
  readonly own: Float64Array;
  /** The values before the epoch at `from`, in rising order: from `from - 4` to before `2 from - 4`. */
  readonly before: Float64Array;
  /** All values of the series, in rising order. */
  readonly sorted: Float64Array;
}

/** Values of both sides, those of the same interval at the same place. */
export interface Sides {
  readonly stable: Float64Array;
  readonly candidate: Float64Array;
}

/** Pairs sorted once, so that any shift can be scored by walking along. */
export interface Ranking {
  readonly series: Sides;
  readonly stable: OrderedSide;
  readonly candidate: OrderedSide;
  /** Room to work in. */
  readonly scratch: Float64Array;
}

/**
 * Orders pairs for scoring: values of the same interval at the same position, in order of time, and
 * each side's values in rising order.
 */
export function rank(series: Sides, sorted: Sides): Ranking {
  const { length } = series.stable;
  const space = room(15, length);
  return {
    series,
    stable: ordered(series.stable, sorted.stable, space),
    candidate: ordered(series.candidate, sorted.candidate, space),
    scratch: space.doubles(length),
  };
}

/** The end of the epoch that begins at `from`. */
function endOf(from: number, length: number): number {
  return Math.min(length, from === 0 ? 4 : from * 2);
}

function ordered(series: Float64Array, sorted: Float64Array, space: Room): OrderedSide {
  const { length } = series;
  const side = {
    values: space.doubles(length),
    at: space.integers(length),
    own: space.doubles(length),
    before: space.doubles(2 * length),
    sorted,
  };
  deal(sorted, orderOf(series, sorted, space), side);
  for (let from = 0; from < length; from = endOf(from, length)) {
    doubleRanks(side.values, from, endOf(from, length), 0, side.before, side.own);
  }
  return side;
}

/** Deals the order of the whole series out to the epochs: what is in each, and what came before it. */
function deal(sorted: Float64Array, order: Int32Array, side: OrderedSide): void {
  const { length } = order;
  const epochs = epochOf(length - 1) + 1;
  const next = new Int32Array(epochs);
  const earlier = new Int32Array(epochs);
  for (let epoch = 1; epoch < epochs; epoch++) {
    next[epoch] = 2 << epoch;
    earlier[epoch] = (2 << epoch) - 4;
  }
  for (let i = 0; i < length; i++) {
    const position = order[i] ?? 0;
    const value = sorted[i] ?? 0;
    const own = epochOf(position);
    const place = next[own] ?? 0;
    next[own] = place + 1;
    side.values[place] = value;
    side.at[place] = position;
    for (let later = own + 1; later < epochs; later++) {
      const free = earlier[later] ?? 0;
      earlier[later] = free + 1;
      side.before[free] = value;
    }
  }
}

/** 0 for the first four positions, 1 for the next four, 2 for the next eight. */
function epochOf(position: number): number {
  return 32 - Math.clz32(position >> 2);
}

/**
 * Positions by rising value, equal values by time: each looks itself up in the sorted values, which
 * is faster than sorting by a comparison written here.
 */
function orderOf(series: Float64Array, sorted: Float64Array, space: Room): Int32Array {
  const taken = space.integers(series.length);
  const order = space.integers(series.length);
  for (let i = 0; i < series.length; i++) {
    const first = firstNotBelow(sorted, series[i] ?? 0);
    const place = first + (taken[first] ?? 0);
    taken[first] = (taken[first] ?? 0) + 1;
    order[place] = i;
  }
  return order;
}

function firstNotBelow(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Writes the score of each pair into `scores` when the candidate's values are moved down by
 * `shift`: how far apart the two stand in the ranking of all pairs before their epoch (moved alike),
 * plus their own order, as a part of the pairs ranked; from -2 to 2.
 */
export function scoreShift(ranking: Ranking, shift: number, scores: Float64Array): void {
  const { stable, candidate, series, scratch } = ranking;
  const { length } = scores;
  for (let from = 0; from < length; from = endOf(from, length)) {
    const to = endOf(from, length);
    doubleRanks(stable.values, from, to, shift, candidate.before, scratch);
    for (let i = from; i < to; i++) {
      scores[stable.at[i] ?? 0] = (stable.own[i] ?? 0) + (scratch[i] ?? 0);
    }
    doubleRanks(candidate.values, from, to, -shift, stable.before, scratch);
    for (let i = from; i < to; i++) {
      const at = candidate.at[i] ?? 0;
      const between = ((candidate.own[i] ?? 0) + (scratch[i] ?? 0) - (scores[at] ?? 0)) / 2;
      const ahead = order((series.candidate[at] ?? 0) - shift, series.stable[at] ?? 0);
      scores[at] = (between + ahead) / (from + 1);
    }
  }
}

function order(a: number, b: number): number {
  if (Math.abs(a - b) <= same) return 0;
  return a > b ? 1 : -1;
}

/**
 * Twice the mid-rank of each value of the epoch, moved by `shift`, among those before the epoch on
 * the side that `before` is of.
 */
function doubleRanks(
  values: Float64Array,
  from: number,
  to: number,
  shift: number,
  before: Float64Array,
  into: Float64Array,
): void {
  const start = from - 4;
  const end = start + from;
  let below = start;
  let upTo = start;
  for (let i = from; i < to; i++) {
    const value = (values[i] ?? 0) + shift;
    while (below < end && (before[below] ?? 0) < value - same) below++;
    if (upTo < below) upTo = below;
    while (upTo < end && (before[upTo] ?? 0) <= value + same) upTo++;
    into[i] = below + upTo - 2 * start;
  }
}
