/** One side of a comparison, as people read it. Values in the metric's unit. */
export interface SideSummary {
  readonly points: number;
  readonly requests: number | null;
  readonly value: number | null;
}

/** Ends of an interval for candidate minus stable; infinite where the data set no bound. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/**
 * What a test found, whatever the test. Evidence is the logarithm of an e-process at "no change":
 * it may be compared with log(1/alpha) at every look.
 */
export interface Comparison {
  readonly test: string;
  readonly stable: SideSummary;
  readonly candidate: SideSummary;
  /** Candidate minus stable. */
  readonly estimate: number;
  /** Evidence that the candidate is higher, and that it is lower. */
  readonly evidence: { readonly up: number; readonly down: number };
  /**
   * How far it lies from no change, in standard deviations, up or down: a plain test, for a
   * suspicion at the one look after which something is decided.
   */
  readonly deviation: { readonly up: number; readonly down: number };
  /** Every point that counts, divided by this, is what it is worth: clumps and memory. */
  readonly inefficiency: number;
  /**
   * How much events varied from interval to interval, and would have if every one came alone: what
   * releases after this one learn from it. None for values.
   */
  readonly variations: readonly { readonly observed: number; readonly expected: number }[];
  /** Differences that evidence at `threshold` (log 1/alpha) does not exclude on either side. */
  bounds(threshold: number): Bounds;
  /**
   * The smallest relative rise that as much data would have shown at `threshold`, given the bounds
   * at it; null when it cannot be told, because stable is at zero or no rise would have shown.
   */
  detectable(threshold: number, bounds: Bounds): number | null;
}
