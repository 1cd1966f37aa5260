import type { Instant } from '#core/ids.ts';

/** A figure: null where there is nothing to measure, never zero by default. `n` is how many it rests on. */
export interface Figure {
  readonly value: number | null;
  readonly n: number;
}

/** `from` counts, `to` does not. */
export interface Window {
  readonly from: Instant;
  readonly to: Instant;
}
