import type { Artifact } from './release.ts';

/** True when the two are the same bits, whatever they are called. */
export function sameArtifact(a: Artifact | null, b: Artifact | null): boolean {
  return a !== null && b !== null && a.digest === b.digest;
}
