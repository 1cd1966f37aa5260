import { logMean } from './mixture.ts';
import type { Stretch } from './stretch.ts';

/**
 * Pairs of values of one interval each, sorted once so that any shift can be tried by walking.
 * Sound at every look: see `evidenceOfShift`.
 */
export interface RankedPairs {
  readonly stable: readonly number[];
  readonly candidate: readonly number[];
  readonly epochs: readonly Epoch[];
}

/** Pairs [from, to) and the pairs before them, against which they are ranked. */
interface Epoch {
  readonly from: number;
  readonly to: number;
  readonly before: { readonly stable: Float64Array; readonly candidate: Float64Array };
  /** Positions in the pairs, ordered by value. */
  readonly order: { readonly stable: Int32Array; readonly candidate: Int32Array };
  /** Twice the rank of the epoch's own values among the earlier ones of the same side. */
  readonly own: { readonly stable: Float64Array; readonly candidate: Float64Array };
}

/** Bets that are mixed, per unit of score; each doubles the one before. */
const smallestBet = 0.25;
const bets = 5;

/** Sorts; `stable[i]` and `candidate[i]` belong to the same interval, in order of time. */
export function rankPairs(stable: readonly number[], candidate: readonly number[]): RankedPairs {
  const epochs: Epoch[] = [];
  for (let from = 0; from < stable.length; from = from === 0 ? 4 : from * 2) {
    const to = Math.min(stable.length, from === 0 ? 4 : from * 2);
    const before = { stable: sorted(stable, from), candidate: sorted(candidate, from) };
    const order = {
      stable: orderOf(stable, from, to),
      candidate: orderOf(candidate, from, to),
    };
    const own = {
      stable: new Float64Array(to - from),
      candidate: new Float64Array(to - from),
    };
    walk(order.stable, stable, 0, before.stable, own.stable, from);
    walk(order.candidate, candidate, 0, before.candidate, own.candidate, from);
    epochs.push({ from, to, before, order, own });
  }
  return { stable, candidate, epochs };
}

function sorted(values: readonly number[], count: number): Float64Array {
  return Float64Array.from(values.slice(0, count)).sort();
}

function orderOf(values: readonly number[], from: number, to: number): Int32Array {
  const order = Int32Array.from({ length: to - from }, (_, i) => from + i);
  return order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
}

/** Adds to `into` twice the mid-rank of each value + shift among `before`, both in order. */
function walk(
  order: Int32Array,
  values: readonly number[],
  shift: number,
  before: Float64Array,
  into: Float64Array,
  from: number,
): void {
  const count = before.length;
  let below = 0;
  let upTo = 0;
  for (const at of order) {
    const value = (values[at] ?? 0) + shift;
    while (below < count && (before[below] ?? 0) < value) below++;
    if (upTo < below) upTo = below;
    while (upTo < count && (before[upTo] ?? 0) <= value) upTo++;
    into[at - from] = (into[at - from] ?? 0) + below + upTo;
  }
}

/**
 * The score of each pair when the candidate's values are moved down by `shift`: how far apart the
 * two stand in the ranking of all earlier pairs (moved alike), plus their own order, from -2 to 2.
 */
export function scores(ranked: RankedPairs, shift: number): Float64Array {
  const { stable, candidate, epochs } = ranked;
  const result = new Float64Array(stable.length);
  for (const { from, to, before, order, own } of epochs) {
    const left = own.stable.slice();
    const right = own.candidate.slice();
    if (from > 0) {
      walk(order.stable, stable, shift, before.candidate, left, from);
      walk(order.candidate, candidate, -shift, before.stable, right, from);
    }
    for (let i = from; i < to; i++) {
      const ahead = Math.sign((candidate[i] ?? 0) - shift - (stable[i] ?? 0));
      const between = ((right[i - from] ?? 0) - (left[i - from] ?? 0)) / 2;
      result[i] = (between + ahead) / (from + 1);
    }
  }
  return result;
}

/**
 * Log evidence that the candidate's values are higher than stable's by more than was taken off
 * before scoring. At every look, evidence above log(1/alpha) happens with chance at most alpha when
 * they are not, whatever the distribution.
 *
 * Each pair is ranked against earlier epochs only, so when the two values of an interval could as
 * well be exchanged, its score is as likely positive as negative whatever happened before, and
 * exp(bet x score) / cosh(bet x score) multiplies to a martingale (de la Pena 1999, "A general
 * class of exponential inequalities for martingales and ratios"; Ramdas, Ruf, Larsson, Koolen 2020
 * for symmetric distributions). Bets are mixed. The statistic is Wilcoxon's rank sum, summed up
 * sequentially; only the exchange within an interval is used, so a level that moves with the time
 * of day, for both sides alike, costs nothing and breaks nothing.
 */
export function evidenceOfShift(scored: Float64Array, without: Stretch): number {
  const logCosh = new Float64Array(bets);
  const product = new Float64Array(bets).fill(1);
  let sum = 0;
  for (let i = 0; i < scored.length; i++) {
    if (i >= without.from && i < without.to) continue;
    const score = scored[i] ?? 0;
    sum += score;
    const power = Math.exp(smallestBet * score);
    let cosh = (power + 1 / power) / 2;
    for (let bet = 0; bet < bets; bet++) {
      product[bet] = (product[bet] ?? 1) * cosh;
      cosh = 2 * cosh * cosh - 1;
    }
    if ((i & 31) === 31) fold(product, logCosh);
  }
  fold(product, logCosh);
  const logs: number[] = [];
  for (let bet = 0; bet < bets; bet++) {
    logs.push(smallestBet * 2 ** bet * sum - (logCosh[bet] ?? 0));
  }
  return logMean(logs);
}

/** Moves products to their logarithms before they can overflow: cosh(8)^32 is below 1e102. */
function fold(product: Float64Array, logCosh: Float64Array): void {
  for (let bet = 0; bet < product.length; bet++) {
    logCosh[bet] = (logCosh[bet] ?? 0) + Math.log(product[bet] ?? 1);
    product[bet] = 1;
  }
}
