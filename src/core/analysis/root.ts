const rounds = 14;
/** An excess that is as good as none. */
const close = 0.05;

/**
 * Where an excess turns from negative (inside the interval) to not negative (rejected), within
 * `tolerance`: false position with the Illinois halving (Dowell and Jarratt 1971), every third step
 * the middle, since evidence from ranks moves in steps. Returns a point that is rejected, so an
 * interval is never drawn narrower than the decision it explains.
 */
export function boundary(
  inside: Point,
  outside: Point,
  excess: (at: number) => number,
  tolerance: number,
): number {
  if (inside.excess >= 0) return inside.at;
  let kept = inside;
  let out = outside;
  let last: 'kept' | 'out' | null = null;
  for (let round = 0; round < rounds && Math.abs(out.at - kept.at) > tolerance; round++) {
    const found = pointAt(trial(kept, out, round), excess);
    if (found.excess >= 0) {
      out = found;
      if (found.excess < close) break;
      if (last === 'out') kept = { at: kept.at, excess: kept.excess / 2 };
      last = 'out';
    } else {
      kept = found;
      if (last === 'kept') out = { at: out.at, excess: out.excess / 2 };
      last = 'kept';
    }
  }
  return out.at;
}

/**
 * The same where no change is what is rejected: an end that came to lie on it is drawn off it by the
 * tolerance, or it would look as if nothing had been decided.
 */
export function boundaryOffNoChange(
  inside: Point,
  unchanged: Point,
  excess: (at: number) => number,
  tolerance: number,
): number {
  const end = boundary(inside, unchanged, excess, tolerance);
  if (end !== unchanged.at) return end;
  return Math.sign(inside.at) * Math.min(tolerance, Math.abs(inside.at));
}

/** A place and the excess there. */
export interface Point {
  readonly at: number;
  readonly excess: number;
}

/** Works out the excess at a place. */
export function pointAt(at: number, excess: (at: number) => number): Point {
  return { at, excess: excess(at) };
}

/**
 * By how much evidence exceeds the threshold, of the roots of both: evidence grows with the square of
 * the distance, so its root grows as a straight line, which is what false position follows.
 */
export function excessOf(evidence: number, threshold: number): number {
  return Math.sqrt(Math.max(0, evidence)) - Math.sqrt(threshold);
}

/** Between the two where a straight line is just above zero, or the middle every third time. */
function trial(kept: Point, out: Point, round: number): number {
  const part = (kept.excess - close / 2) / (kept.excess - out.excess);
  const middle = round % 3 === 2 || !(part > 0.02 && part < 0.98);
  return kept.at + (out.at - kept.at) * (middle ? 0.5 : part);
}
