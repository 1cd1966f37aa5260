/** Intervals between the starts that may be chosen. */
const grid = 16;

/** A start after the first interval, and what choosing it costs in evidence. */
export interface LateStart {
  /** Intervals left out at the beginning. */
  readonly from: number;
  /** Natural logarithm: evidence that counts from here must be so much stronger. */
  readonly price: number;
}

/**
 * Starts from which a defect that begins while a candidate is being watched is looked for: one for
 * each of the lengths 16 to 32 intervals, 32 to 64 and so on, up to half of all.
 *
 * The promised chance is split over all starts there will ever be, fixed beforehand: 7/8 for the
 * beginning (and those of stages: `pricesOf`), and 1/8 over the k-th multiple of 16 intervals as
 * 1 / (k (k + 1)), which adds up to one.
 * So a verdict may be taken from whichever start is the most telling (a union over e-processes, each
 * valid at all looks: Shin, Ramdas, Rinaldo 2024, "E-detectors: a nonparametric framework for
 * sequential change detection"). Looking from few of them at a look only lowers the chance.
 */
export function lateStarts(count: number): readonly LateStart[] {
  const starts: LateStart[] = [];
  for (let length = grid; 2 * length <= count; length *= 2) {
    const from = (Math.floor(count / length) - 1) * length;
    const k = from / grid;
    starts.push({ from, price: Math.log(8 * k * (k + 1)) });
  }
  return starts.toReversed();
}
