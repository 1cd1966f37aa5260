import type { Comparison } from '#core/changes/commit.ts';

/** Where changes are read from: a Git host. */
export interface ChangeSource {
  /**
   * Compares two commits, tags or branches of a repository (`acme/api`).
   * @throws Fault `changes.unavailable` (try again later), `changes.unreadable` (no such repository
   *   or commit, or not for this token)
   */
  compare(question: {
    readonly repository: string;
    readonly from: string;
    readonly to: string;
  }): Promise<Comparison>;
}
