/** Repeatable draws for simulated traffic. */
export interface Randomness {
  uniform(): number;
  normal(): number;
  poisson(mean: number): number;
  binomial(trials: number, chance: number): number;
}

/** A small generator with 32 bits of state (mulberry32, T. Ettinger, public domain), seeded. */
export function randomness(seed: number): Randomness {
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
  function poisson(mean: number): number {
    if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = uniform(); product > limit; product *= uniform()) count++;
    return count;
  }
  /** By the gaps between successes: time grows with the number of successes. */
  function binomial(trials: number, chance: number): number {
    if (chance <= 0) return 0;
    if (chance >= 1) return trials;
    if (chance > 0.5) return trials - binomial(trials, 1 - chance);
    const scale = Math.log1p(-chance);
    let count = -1;
    let position = 0;
    while (position <= trials) {
      position += Math.floor(Math.log(uniform()) / scale) + 1;
      count++;
    }
    return count;
  }
  return { uniform, normal, poisson, binomial };
}
