/**
 * The Hodges-Lehmann estimate of the shift: the median of all differences right - left (Hodges and
 * Lehmann 1963). Both must be sorted. Small sets by their differences; large ones by counting
 * differences below a trial shift in one walk, halving until the trial is exact to 1e-12 of the
 * spread, so time grows with n and not with n squared.
 */
export function shiftEstimate(left: Float64Array, right: Float64Array): number {
  const count = left.length * right.length;
  if (count === 0) return Number.NaN;
  if (count <= 400) return medianDifference(left, right);
  const low = kthDifference(left, right, (count - 1) >> 1);
  return count % 2 === 1 ? low : (low + kthDifference(left, right, count >> 1)) / 2;
}

function medianDifference(left: Float64Array, right: Float64Array): number {
  const differences = new Float64Array(left.length * right.length);
  let next = 0;
  for (const a of left) for (const b of right) differences[next++] = b - a;
  differences.sort();
  const half = differences.length >> 1;
  const upper = differences[half] ?? 0;
  return differences.length % 2 === 1 ? upper : ((differences[half - 1] ?? 0) + upper) / 2;
}

/** The k-th smallest difference, k from 0. */
function kthDifference(left: Float64Array, right: Float64Array, k: number): number {
  let low = (right[0] ?? 0) - (left[left.length - 1] ?? 0);
  let high = (right[right.length - 1] ?? 0) - (left[0] ?? 0);
  const tolerance = (high - low) * 1e-12;
  while (high - low > tolerance) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (differencesUpTo(left, right, middle) > k) high = middle;
    else low = middle;
  }
  return high;
}

/** How many differences right - left are at most `limit`. */
function differencesUpTo(left: Float64Array, right: Float64Array, limit: number): number {
  let count = 0;
  let reach = 0;
  for (const a of left) {
    while (reach < right.length && (right[reach] ?? 0) - a <= limit) reach++;
    count += reach;
  }
  return count;
}
