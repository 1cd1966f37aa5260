import type { Account, Grant, Membership } from '#core/people.ts';

/**
 * Who is where, asked live. One per platform.
 * Never throws for an answer that could not be had: it says `unknown`, and unknown denies.
 */
export interface Directory {
  readonly platform: string;
  /**
   * `fresh`: do not answer from a cache. For a `people` grant the list was read already: what counts
   * is whether the account as such is excluded (inactive, guest, external, bot) or unreachable.
   */
  membership(grant: Grant, account: Account, fresh: boolean): Promise<Membership>;
  /**
   * Everybody in the source of a grant, excluded or not, for noting since when they are there; null
   * when that cannot be known now. Absent: the platform does not list members.
   */
  members?(grant: Grant): Promise<readonly Account[] | null>;
  /** Whether the grant may give rights at all (private, unshared, exists). */
  validateGrant(grant: Grant): Promise<GrantValidity>;
}

export interface GrantValidity {
  readonly usable: boolean;
  /** One plain sentence when it is not usable, else empty. */
  readonly because: string;
  /** True when it could not be asked now: it grants nothing, and nothing about it has changed. */
  readonly unsure?: boolean;
}
