import { logMean } from './mixture.ts';

/**
 * Bad events of both sides: `candidate` of `all` fell on the candidate, which had `share` of the
 * trials (or of the exposure) when they fell. Not whole numbers where buckets were interpolated.
 */
export interface EventSplit {
  readonly candidate: number;
  readonly all: number;
  readonly share: number;
}

/**
 * Alternatives that are mixed, as logarithms: rates from a tenth more to fiftyfold. Most weight lies
 * on half as much again to five times, which is what regressions look like; any fixed weights that
 * add up to one are as valid.
 */
const tilts = Float64Array.of(0.1, 0.25, 0.45, 0.7, 1.1, 1.7, 2.6, 4);
const weights = Float64Array.of(0.03, 0.05, 0.12, 0.26, 0.27, 0.15, 0.08, 0.04);
/** Added to the logarithms, so that their plain mean is the weighted one. */
const favour = weights.map((weight) => Math.log(weight * weights.length));
const factors = tilts.map((tilt) => Math.exp(tilt));

/**
 * Log evidence that the candidate's rate is more than `ratio` times stable's. At every look,
 * evidence above log(1/alpha) happens with chance at most alpha when it is not.
 *
 * Given how many bad events an interval had on both sides together, those on the candidate are
 * binomial under Poisson counts with exposure (Przyborowski and Wilenski 1940) and hypergeometric
 * under Bernoulli trials with equal rates; the common rate drops out, so it may drift as it likes.
 * A hypergeometric sum is smaller in convex order than the binomial one (Hoeffding 1963, theorem 4)
 * and each likelihood ratio mixed here is convex in the count, hence the binomial e-process holds
 * for both. Using one share, the mean over events, instead of each interval's own only lowers it at
 * ratio 1, because log(1 + (ratio - 1) share) is concave in the share.
 */
export function evidenceOfMore(split: EventSplit, ratio: number): number {
  return evidenceOfMoreIn([split], ratio);
}

/**
 * The same of several stages, in each of which the candidate had another share: the likelihood ratios
 * of an alternative are multiplied over the stages, and mixed then.
 */
export function evidenceOfMoreIn(splits: readonly EventSplit[], ratio: number): number {
  return logMeanOf((tilt, factor) => {
    let log = 0;
    for (const { candidate, all, share } of splits) {
      const base = Math.log1p((ratio - 1) * share);
      log += candidate * tilt + all * (base - Math.log1p((ratio * factor - 1) * share));
    }
    return log;
  });
}

/** The same for less than `ratio` times stable's rate. */
export function evidenceOfLess(split: EventSplit, ratio: number): number {
  return evidenceOfLessIn([split], ratio);
}

/** The same of several stages. */
export function evidenceOfLessIn(splits: readonly EventSplit[], ratio: number): number {
  return evidenceOfMoreIn(splits.map(swapped), 1 / ratio);
}

/** The two sides exchanged. */
export function swapped(split: EventSplit): EventSplit {
  return { candidate: split.all - split.candidate, all: split.all, share: 1 - split.share };
}

/**
 * Log evidence that events come at more than `rate` per unit of exposure, at every look.
 * A binomial count is smaller in convex order than a Poisson one of equal mean, so this holds for
 * events out of trials too.
 */
export function evidenceAboveRate(events: number, exposure: number, rate: number): number {
  const expected = exposure * rate;
  return logMeanOf((tilt, factor) => events * tilt - expected * (factor - 1));
}

/** The same for less than `rate`. */
export function evidenceBelowRate(events: number, exposure: number, rate: number): number {
  const expected = exposure * rate;
  return logMeanOf((tilt, factor) => -events * tilt - expected * (1 / factor - 1));
}

function logMeanOf(logAt: (tilt: number, factor: number) => number): number {
  const logs = new Float64Array(tilts.length);
  for (let i = 0; i < logs.length; i++) {
    logs[i] = logAt(tilts[i] ?? 0, factors[i] ?? 1) + (favour[i] ?? 0);
  }
  return logMean(logs);
}
