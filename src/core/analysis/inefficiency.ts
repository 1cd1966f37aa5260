/** How much a series repeats itself. */
export interface Memory {
  /** Values are worth what values / time independent ones are: near 1 for independent values. */
  readonly time: number;
  /**
   * Relative standard error of that: what a short series cannot show yet must be allowed for (Sokal
   * 1997, "Monte Carlo methods in statistical mechanics", section 3: variance 2 (2 lags + 1) / n).
   */
  readonly doubt: number;
}

/**
 * The integrated autocorrelation time 1 + 2 (r1 + r2 + ...) of a series, n for one that never moved
 * on. `values` need not be centred.
 *
 * The sum ends at the first pair of neighbouring lags whose sum is not positive (Geyer 1992,
 * "Practical Markov chain Monte Carlo", initial positive sequence). Autocovariances around an
 * estimated mean are too small by about variance x time / n (Priestley 1981, section 5.3): that is
 * added back, which matters while the series is not much longer than its memory.
 */
export function memoryOf(values: ArrayLike<number>): Memory {
  const n = values.length;
  if (n < 3) return { time: 1, doubt: doubtOf(1, 3) };
  const centred = Float64Array.from(values);
  let mean = 0;
  for (const value of centred) mean += value / n;
  for (let i = 0; i < n; i++) centred[i] = (centred[i] ?? 0) - mean;
  const covariances = positiveLags(centred);
  const variance = covariances[0] ?? 0;
  if (variance <= 0) return { time: 1, doubt: doubtOf(1, n) };
  const time = Math.max(
    summedTime(covariances, n),
    memoryTime((covariances[1] ?? 0) / variance, n),
  );
  return { time, doubt: doubtOf(Math.max(1, covariances.length - 1), n) };
}

function doubtOf(lags: number, n: number): number {
  return Math.sqrt((2 * (2 * lags + 1)) / n);
}

function summedTime(covariances: readonly number[], n: number): number {
  const variance = covariances[0] ?? 0;
  let time = 1;
  for (let round = 0; round < 6; round++) {
    const missing = (variance * time) / n;
    let sum = 0;
    for (let lag = 1; lag < covariances.length; lag++) sum += (covariances[lag] ?? 0) + missing;
    time = Math.min(n, Math.max(1, 1 + (2 * sum) / (variance + missing)));
  }
  return time;
}

/**
 * The time of a series that remembers its last value only, when neighbours are alike beyond doubt
 * (two standard errors): few values show this long before they show the sum. The estimate of the
 * first autocorrelation is too small by (1 + 3 r) / n (Kendall 1954, Marriott and Pope 1954).
 */
function memoryTime(first: number, n: number): number {
  const r = Math.min(first + (1 + 3 * first) / n, (n - 1) / (n + 1));
  return r > 2 / Math.sqrt(n) ? (1 + r) / (1 - r) : 1;
}

/** Autocovariances from lag 0 to the last before the sum of two neighbours turns negative. */
function positiveLags(centred: Float64Array): readonly number[] {
  const n = centred.length;
  const found = [covariance(centred, 0)];
  const farthest = Math.min(n - 2, Math.ceil(n / 2), 240);
  for (let lag = 1; lag <= farthest; lag += 2) {
    const odd = covariance(centred, lag);
    const even = lag + 1 <= farthest ? covariance(centred, lag + 1) : 0;
    if (odd + even <= 0) break;
    found.push(odd);
    if (lag + 1 <= farthest) found.push(even);
  }
  return found;
}

function covariance(centred: Float64Array, lag: number): number {
  let sum = 0;
  for (let i = lag; i < centred.length; i++) sum += (centred[i] ?? 0) * (centred[i - lag] ?? 0);
  return sum / centred.length;
}
