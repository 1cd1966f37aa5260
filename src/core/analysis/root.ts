/**
 * Where a decision changes between `inside` (not rejected) and `outside` (rejected), by bisection
 * to `steps` halvings. Returns the last point known to be rejected, so an interval is never drawn
 * narrower than the decision that it explains.
 */
export function boundary(
  inside: number,
  outside: number,
  rejected: (at: number) => boolean,
  steps: number,
): number {
  let kept = inside;
  let out = outside;
  for (let step = 0; step < steps; step++) {
    const middle = (kept + out) / 2;
    if (rejected(middle)) out = middle;
    else kept = middle;
  }
  return out;
}
