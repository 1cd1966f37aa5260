import type { Instant } from '#core/ids.ts';

/** A commit as a Git host knows it. All texts come from outside. */
export interface Commit {
  readonly id: string;
  /** The whole message. */
  readonly message: string;
  readonly author: string;
  readonly at: Instant | null;
  readonly url: string | null;
  /** The pull (or merge) request through which it came, where the host knows one. */
  readonly pull: PullRequest | null;
}

export interface PullRequest {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly author: string;
  readonly branch: string;
  readonly url: string | null;
}

/** What lies between two points of a history. */
export interface Comparison {
  /** What `to` has and `from` has not, oldest first; at most 500. */
  readonly commits: readonly Commit[];
  /** How many there are, listed or not. */
  readonly ahead: number;
  /** How many `from` has that `to` has not. */
  readonly behind: number;
  /** A page for people; null where the host has none. */
  readonly url: string | null;
}
