import type { Artifact } from '#core/release.ts';

/**
 * Where artifacts come from. A version is a label; what counts is the digest it resolves to.
 * @throws Fault `registry.unavailable`, `registry.invalid`
 */
export interface ArtifactRegistry {
  /** Null when there is no such version. */
  resolve(service: string, repository: string, version: string): Promise<Artifact | null>;
  /** Newest first, at most `limit`. */
  list(service: string, repository: string, limit: number): Promise<readonly Artifact[]>;
}
