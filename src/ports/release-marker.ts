import type { Instant } from '#core/ids.ts';

/** A release as a span of time beside measurements. */
export interface ReleaseMark {
  /** Names the mark for good: marking again under it changes the mark. */
  readonly rollout: string;
  readonly from: Instant;
  /** Null while it goes on. */
  readonly to: Instant | null;
  /** Plain text for people: escape before rendering. */
  readonly text: string;
  /** Plain words to find it by. */
  readonly tags: readonly string[];
}

/**
 * Where releases are marked beside measurements, for people who look at graphs.
 * @throws Fault `marks.unavailable`, `marks.rejected`
 */
export interface ReleaseMarker {
  /** Makes or changes the mark; asked again, it changes nothing more. */
  mark(mark: ReleaseMark): Promise<void>;
}
