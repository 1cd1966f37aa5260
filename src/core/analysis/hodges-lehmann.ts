/**
 * The Hodges-Lehmann estimate of the shift: the median of all differences right - left (Hodges and
 * Lehmann 1963). Both must be sorted. Small sets by their differences; large ones by counting
 * differences below a trial shift in one walk, halving to 1e-10 of the spread, so time grows with n
 * and not with n squared.
 */
export function shiftEstimate(left: Float64Array, right: Float64Array): number {
  const count = left.length * right.length;
  if (count === 0) return Number.NaN;
  if (count <= 400) return medianDifference(left, right);
  const low = kthDifference(left, right, (count - 1) >> 1);
  if (count % 2 === 1) return low;
  return differencesUpTo(left, right, low) > count / 2 ? low : (low + above(left, right, low)) / 2;
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

/** The k-th smallest difference, k from 0; one that is as good as equal may stand for it. */
function kthDifference(left: Float64Array, right: Float64Array, k: number): number {
  const least = (right[0] ?? 0) - (left[left.length - 1] ?? 0);
  const most = (right[right.length - 1] ?? 0) - (left[0] ?? 0);
  if (differencesUpTo(left, right, least) > k) return least;
  let { low, high } = around(left, right, k, most - least);
  const tolerance = (most - least) * 1e-10;
  // Until one difference, or a tie of them, is left between the two.
  while (high.at - low.at > tolerance && high.count - low.count > 1) {
    const middle = counted(left, right, (low.at + high.at) / 2);
    if (middle.count > k) high = middle;
    else low = middle;
  }
  return largestUpTo(left, right, high.at);
}

interface Counted {
  readonly at: number;
  /** Differences up to there. */
  readonly count: number;
}

function counted(left: Float64Array, right: Float64Array, at: number): Counted {
  return { at, count: differencesUpTo(left, right, at) };
}

/** The difference of the medians is near: a bracket around it, widened until it holds. */
function around(
  left: Float64Array,
  right: Float64Array,
  k: number,
  range: number,
): { readonly low: Counted; readonly high: Counted } {
  const guess = (right[right.length >> 1] ?? 0) - (left[left.length >> 1] ?? 0);
  for (let reach = range / 64; ; reach *= 4) {
    const low = counted(left, right, guess - reach);
    const high = counted(left, right, guess + reach);
    if (low.count <= k && high.count > k) return { low, high };
  }
}

/** How many differences right - left are at most `limit`. */
function differencesUpTo(left: Float64Array, right: Float64Array, limit: number): number {
  let count = 0;
  let reach = 0;
  for (let i = 0; i < left.length; i++) {
    const most = (left[i] ?? 0) + limit;
    while (reach < right.length && (right[reach] ?? 0) <= most) reach++;
    count += reach;
  }
  return count;
}

/** The largest difference that is at most `limit`. */
function largestUpTo(left: Float64Array, right: Float64Array, limit: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  let reach = 0;
  for (let i = 0; i < left.length; i++) {
    const most = (left[i] ?? 0) + limit;
    while (reach < right.length && (right[reach] ?? 0) <= most) reach++;
    if (reach > 0) largest = Math.max(largest, (right[reach - 1] ?? 0) - (left[i] ?? 0));
  }
  return largest;
}

/** The smallest difference above `limit`. */
function above(left: Float64Array, right: Float64Array, limit: number): number {
  let least = Number.POSITIVE_INFINITY;
  let reach = 0;
  for (let i = 0; i < left.length; i++) {
    const most = (left[i] ?? 0) + limit;
    while (reach < right.length && (right[reach] ?? 0) <= most) reach++;
    if (reach < right.length) least = Math.min(least, (right[reach] ?? 0) - (left[i] ?? 0));
  }
  return least;
}
