/** Location shift of the first sample against the second, with its interval. */
export interface Shift {
  readonly low: number;
  readonly high: number;
  readonly estimate: number;
}

/** 99th percentile of the standard normal distribution: two-sided confidence 0.98. */
export const z98 = 2.3263478740408408;

/**
 * The interval of the Mann-Whitney test as Kayenta's judge defines it (and R's `wilcox.test` with
 * `exact = FALSE`): the shifts at which the tie- and continuity-corrected z is `z` and `-z`; the
 * estimate where it is 0. Values are divided by their scale first and roots are found to 1e-12 of
 * it: Kayenta stops at an absolute 1e-4, which blinds it to seconds and ratios.
 * Both must be sorted and not empty.
 */
export function mannWhitneyShift(
  experiment: Float64Array,
  control: Float64Array,
  z: number,
): Shift {
  const first = { low: experiment[0] ?? 0, high: experiment[experiment.length - 1] ?? 0 };
  const second = { low: control[0] ?? 0, high: control[control.length - 1] ?? 0 };
  const least = first.low - second.high;
  const most = first.high - second.low;
  const root = (level: number): number =>
    rootOf((shift) => standardised(experiment, control, shift) - level, least, most);
  return { low: root(z), high: root(-z), estimate: root(0) };
}

/** The z of the rank sum when the first sample is moved down by `shift`; NaN when all are tied. */
export function standardised(
  experiment: Float64Array,
  control: Float64Array,
  shift: number,
): number {
  const m = experiment.length;
  const n = control.length;
  const { wins, ties } = mergeWalk(experiment, control, shift);
  const distance = wins - (m * n) / 2;
  const spread = Math.sqrt(((m * n) / 12) * (m + n + 1 - ties / ((m + n) * (m + n - 1))));
  return (distance - Math.sign(distance) * 0.5) / spread;
}

/** Pairs that the first sample wins, ties as halves, and the sum of t^3 - t over groups of ties. */
function mergeWalk(
  experiment: Float64Array,
  control: Float64Array,
  shift: number,
): { readonly wins: number; readonly ties: number } {
  let wins = 0;
  let ties = 0;
  let i = 0;
  let j = 0;
  while (i < experiment.length || j < control.length) {
    const a = i < experiment.length ? (experiment[i] ?? 0) - shift : Number.POSITIVE_INFINITY;
    const b = j < control.length ? (control[j] ?? 0) : Number.POSITIVE_INFINITY;
    const value = Math.min(a, b);
    const left = run(experiment, i, shift, value);
    const right = run(control, j, 0, value);
    wins += left * (j + right / 2);
    const tied = left + right;
    ties += tied * tied * tied - tied;
    i += left;
    j += right;
  }
  return { wins, ties };
}

/** How many values from `from` on, moved down by `shift`, equal `value`. */
function run(sorted: Float64Array, from: number, shift: number, value: number): number {
  let to = from;
  while (to < sorted.length && (sorted[to] ?? 0) - shift === value) to++;
  return to - from;
}

/** The root of a falling function, by bisection; an end where it does not cross. */
function rootOf(f: (shift: number) => number, least: number, most: number): number {
  if (!(f(least) > 0)) return least;
  if (!(f(most) < 0)) return most;
  let low = least;
  let high = most;
  const tolerance = (most - least) * 1e-12;
  while (high - low > tolerance) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (f(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
