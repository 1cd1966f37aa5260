import { createHash } from 'node:crypto';
import { Fault, type FaultCode } from '#core/fault.ts';
import type { Artifact } from '#core/release.ts';
import type { ArtifactRegistry } from '#ports/artifact-registry.ts';

/**
 * A registry of the given versions, oldest first, per service. The digest of a version is made
 * from its name, so that tests can say what they expect.
 */
export function createMemoryRegistry(versions: Readonly<Record<string, readonly string[]>>): {
  readonly registry: ArtifactRegistry;
  readonly world: {
    publish(service: string, version: string): Artifact;
    /** Every call fails so, until told `null`. */
    fail(code: FaultCode | null): void;
  };
} {
  const artifacts = Object.entries(versions).flatMap(([service, names]) =>
    names.map((version) => memoryArtifact(service, version)),
  );
  let failure: FaultCode | null = null;

  function failIfTold(): void {
    if (failure === null) return;
    throw new Fault(failure, 'The memory registry was told to fail.', { retryable: true });
  }

  return {
    registry: {
      async resolve(service, _repository, version) {
        failIfTold();
        return artifacts.find((it) => it.service === service && it.version === version) ?? null;
      },
      async list(service, _repository, limit) {
        failIfTold();
        return artifacts
          .filter((it) => it.service === service)
          .reverse()
          .slice(0, limit);
      },
    },
    world: {
      publish(service, version) {
        const artifact = memoryArtifact(service, version);
        artifacts.push(artifact);
        return artifact;
      },
      fail(code) {
        failure = code;
      },
    },
  };
}

/** The artifact that a memory registry has for a version. */
export function memoryArtifact(service: string, version: string): Artifact {
  const hash = createHash('sha256').update(`${service}@${version}`).digest('hex');
  return { service, version, digest: `sha256:${hash}` };
}
