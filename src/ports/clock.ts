import type { Instant } from '#core/ids.ts';

/** The time, as the database tells it. Adapters keep an offset to it and refresh it each minute. */
export interface Clock {
  now(): Instant;
}
