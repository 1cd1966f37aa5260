import type { ArtifactRegistry } from '#ports/artifact-registry.ts';
import { artifactOf, type Catalogue, type Version } from './catalogue.ts';

/** Where the versions of the demo services come from: the catalogue in the settings. */
export function createSandboxRegistry(catalogue: Catalogue): ArtifactRegistry {
  // A service may keep its versions under another name: its repository.
  function versionsOf(service: string, repository: string): readonly Version[] {
    const name = repository === '' ? service : repository;
    return Object.hasOwn(catalogue, name) ? (catalogue[name]?.versions ?? []) : [];
  }

  return {
    async resolve(service, repository, version) {
      const found = versionsOf(service, repository).find((it) => it.version === version);
      return found === undefined ? null : artifactOf(service, found);
    },
    async list(service, repository, limit) {
      return versionsOf(service, repository)
        .toReversed()
        .slice(0, limit)
        .map((version) => artifactOf(service, version));
    },
  };
}
