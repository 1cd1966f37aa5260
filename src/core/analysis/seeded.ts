/** Repeatable draws: the same seed gives the same numbers, so nothing here is random to the judge. */
export interface Draws {
  /** In (0, 1). */
  uniform(): number;
  normal(): number;
  exponential(): number;
  poisson(mean: number): number;
  binomial(trials: number, chance: number): number;
  /** How many of `drawn` taken without putting back are marked, of `all` with `marked` among them. */
  hypergeometric(all: number, marked: number, drawn: number): number;
  beta(a: number, b: number): number;
}

/** Draws from a generator with 32 bits of state (mulberry32, T. Ettinger, public domain). */
export function seeded(seed: number): Draws {
  let state = seed >>> 0;
  function uniform(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
  }
  function normal(): number {
    return Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  }
  function exponential(): number {
    return -Math.log(uniform());
  }
  /** By the gaps of a Poisson process; halves large means into a gamma and a binomial step. */
  function poisson(mean: number): number {
    if (mean <= 0) return 0;
    if (mean > 40) {
      const half = Math.floor(mean / 2);
      const reached = gamma(half);
      return reached > mean ? binomial(half - 1, mean / reached) : half + poisson(mean - reached);
    }
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = uniform(); product > limit; product *= uniform()) count++;
    return count;
  }
  /** By the gaps between successes; large ones by the median of uniforms, a beta draw. */
  function binomial(trials: number, chance: number): number {
    if (chance <= 0 || trials <= 0) return 0;
    if (chance >= 1) return trials;
    if (chance > 0.5) return trials - binomial(trials, 1 - chance);
    if (trials * chance > 40) {
      const middle = 1 + Math.floor(trials / 2);
      const split = beta(middle, trials + 1 - middle);
      return split >= chance
        ? binomial(middle - 1, chance / split)
        : middle + binomial(trials - middle, (chance - split) / (1 - split));
    }
    const scale = Math.log1p(-chance);
    let count = -1;
    let position = 0;
    while (position <= trials) {
      position += Math.floor(Math.log(uniform()) / scale) + 1;
      count++;
    }
    return count;
  }
  function hypergeometric(all: number, marked: number, drawn: number): number {
    if (marked > drawn) return hypergeometric(all, drawn, marked);
    let left = drawn;
    let count = 0;
    for (let i = 0; i < marked; i++) {
      if (uniform() * (all - i) >= left) continue;
      count++;
      left--;
    }
    return count;
  }
  /** Marsaglia and Tsang 2000, for shapes of at least 1. */
  function gamma(shape: number): number {
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  }
  function beta(a: number, b: number): number {
    const left = gamma(a);
    return left / (left + gamma(b));
  }
  return { uniform, normal, exponential, poisson, binomial, hypergeometric, beta };
}
