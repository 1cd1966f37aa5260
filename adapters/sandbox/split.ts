/** The last requests since the weight changed, and whether the candidate got each. */
export interface Split {
  note(toCandidate: boolean): void;
  /** A new weight is in force: what was seen before says nothing about it. */
  reset(now: number): void;
  proof(weight: number, now: number): 'measured' | 'accepted' | 'pending';
}

const kept = 500;
/** Two-sided 99.9 %: a true weight is doubted once in a thousand windows. */
const zLimit = 3.29;

/** Measures the split. `required` requests are needed; with fewer, the router is believed after `settleMs`. */
export function createSplit(required: number, settleMs: number, now: number): Split {
  const ring: boolean[] = [];
  let next = 0;
  let candidates = 0;
  let since = now;

  return {
    note(toCandidate) {
      if (ring.length === kept && ring[next] === true) candidates -= 1;
      if (toCandidate) candidates += 1;
      ring[next] = toCandidate;
      next = (next + 1) % kept;
    },
    reset(at) {
      ring.length = 0;
      next = 0;
      candidates = 0;
      since = at;
    },
    proof(weight, at) {
      if (ring.length < required) return at - since >= settleMs ? 'accepted' : 'pending';
      return isWithin(candidates, ring.length, weight / 100) ? 'measured' : 'pending';
    },
  };
}

/** Whether `seen` of `total` is within the normal approximation of the binomial spread around `share`. */
export function isWithin(seen: number, total: number, share: number): boolean {
  const spread = Math.sqrt(total * share * (1 - share));
  const slack = share > 0 && share < 1 ? 1 : 0;
  return Math.abs(seen - total * share) <= zLimit * spread + slack;
}
