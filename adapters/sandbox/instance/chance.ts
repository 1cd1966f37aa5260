/** A repeatable source of chance. */
export interface Chance {
  /** Even over [0, 1). */
  next(): number;
  /** Standard normal, after Box and Muller. */
  normal(): number;
  /** Exponential with mean 1: gaps between the arrivals of a Poisson process of rate 1. */
  exponential(): number;
}

/** The same seed gives the same sequence: the generator mulberry32 by Tommy Ettinger. */
export function seededChance(seed: number): Chance {
  let state = seed >>> 0;

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  return {
    next,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    exponential: () => -Math.log(1 - next()),
  };
}
