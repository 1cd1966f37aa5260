import type { Segment } from '#core/ledger/segment.ts';

/** Checks pieces of the stored history, several at a time. */
export interface SegmentSource {
  /** How many at a time are worth it. */
  readonly atATime: number;
  /**
   * The stored events `from` to `to` as a segment; null when they are not sound, or not what is
   * stored beside them. `sizes` are those of checkpoints in between.
   * @throws Fault `store.*` when they cannot be read
   */
  check(from: number, to: number, sizes: readonly number[]): Promise<Segment | null>;
  close(): Promise<void>;
}
