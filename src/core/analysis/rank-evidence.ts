import { logMean } from './mixture.ts';
import type { Stretch } from './stretch.ts';

/** Bets that are mixed, per unit of score; each doubles the one before. */
const smallestBet = 0.25;
const bets = 5;

/**
 * Log evidence that scores lean to `side` (1: the candidate is higher, -1: lower), counted without
 * one stretch. At every look, evidence above log(1/alpha) happens with chance at most alpha when
 * they do not, whatever the distribution of the values.
 *
 * Each pair is ranked against earlier epochs only, so when the two values of an interval could as
 * well be exchanged, its score is as likely positive as negative whatever happened before, and
 * exp(bet x score) / cosh(bet x score) multiplies to a martingale (de la Pena 1999, "A general
 * class of exponential inequalities for martingales and ratios"; Ramdas, Ruf, Larsson, Koolen 2020,
 * "Admissible anytime-valid sequential inference must rely on nonnegative martingales", section 5).
 * Bets are mixed. The statistic is Wilcoxon's rank sum, summed up sequentially; only the exchange
 * within an interval is used, so a level that moves with the time of day, for both sides alike,
 * costs nothing and breaks nothing.
 */
export function evidenceOfShift(scores: Float64Array, side: 1 | -1, without: Stretch): number {
  // One product per bet, unrolled: this is the innermost loop of every rank comparison.
  let sum = 0;
  let log0 = 0;
  let log1 = 0;
  let log2 = 0;
  let log3 = 0;
  let log4 = 0;
  let p0 = 1;
  let p1 = 1;
  let p2 = 1;
  let p3 = 1;
  let p4 = 1;
  for (let i = 0; i < scores.length; i++) {
    if (i === without.from) i = without.to;
    if (i >= scores.length) break;
    const score = scores[i] ?? 0;
    sum += score;
    // cosh by its series: the argument is at most a half, where five terms leave 5e-13.
    const x = smallestBet * score * (smallestBet * score);
    const c0 = 1 + (x / 2) * (1 + (x / 12) * (1 + (x / 30) * (1 + (x / 56) * (1 + x / 90))));
    const c1 = 2 * c0 * c0 - 1;
    const c2 = 2 * c1 * c1 - 1;
    const c3 = 2 * c2 * c2 - 1;
    p0 *= c0;
    p1 *= c1;
    p2 *= c2;
    p3 *= c3;
    p4 *= 2 * c3 * c3 - 1;
    // Before a product can overflow: cosh(8) ^ 32 is below 1e102.
    if ((i & 31) === 31) {
      log0 += Math.log(p0);
      log1 += Math.log(p1);
      log2 += Math.log(p2);
      log3 += Math.log(p3);
      log4 += Math.log(p4);
      p0 = p1 = p2 = p3 = p4 = 1;
    }
  }
  const lean = side * smallestBet * sum;
  const logs = [
    lean - log0 - Math.log(p0),
    2 * lean - log1 - Math.log(p1),
    4 * lean - log2 - Math.log(p2),
    8 * lean - log3 - Math.log(p3),
    2 ** (bets - 1) * lean - log4 - Math.log(p4),
  ];
  return logMean(logs);
}
