import type { Instant } from '#core/ids.ts';

/** An account (`accountKey`) and since when it was seen in a source of roles without a break. */
export interface Sighting {
  readonly account: string;
  readonly since: Instant;
}

/** Who has been seen in which source of roles since when, for roles that ask for an age. */
export interface SightingStore {
  /** Everybody seen in a source (`grantKey`). */
  sightingsIn(source: string): Promise<readonly Sighting[]>;
  /** Null when the account was not seen there, or left since. */
  seenSince(source: string, account: string): Promise<Instant | null>;
  /** Keeps the earlier time when the account was seen there already. */
  see(source: string, sightings: readonly Sighting[]): Promise<void>;
  /** They are not there any more: whoever comes back begins anew. */
  unsee(source: string, accounts: readonly string[]): Promise<void>;
}
