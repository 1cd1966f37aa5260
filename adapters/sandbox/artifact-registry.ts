import type { ArtifactRegistry } from '#ports/artifact-registry.ts';
import { artifactOf, type Catalogue, type Version } from './catalogue.ts';

/**
 * Where the versions of the demo services come from: the catalogue in the settings. It is one
 * repository, whatever the settings call it.
 */
export function createSandboxRegistry(catalogue: Catalogue): ArtifactRegistry {
  function versionsOf(service: string): readonly Version[] {
    return Object.hasOwn(catalogue, service) ? (catalogue[service]?.versions ?? []) : [];
  }

  return {
    async resolve(service, _repository, version) {
      const found = versionsOf(service).find((it) => it.version === version);
      return found === undefined ? null : artifactOf(service, found);
    },
    async list(service, _repository, limit) {
      return versionsOf(service)
        .toReversed()
        .slice(0, limit)
        .map((version) => artifactOf(service, version));
    },
  };
}
