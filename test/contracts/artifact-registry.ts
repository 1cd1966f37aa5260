import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Artifact } from '#core/release.ts';
import type { ArtifactRegistry } from '#ports/artifact-registry.ts';

/** A registry that has exactly these versions of the service. */
export interface ArtifactRegistryBench {
  readonly registry: ArtifactRegistry;
  readonly service: string;
  readonly repository: string;
  /** Oldest first, at least three. */
  readonly versions: readonly string[];
  close(): Promise<void>;
}

/** What every artifact registry promises. */
export function artifactRegistryContract(
  name: string,
  create: () => Promise<ArtifactRegistryBench>,
): void {
  describe(`${name} as an artifact registry`, () => {
    let bench: ArtifactRegistryBench;
    beforeEach(async () => {
      bench = await create();
    });
    afterEach(() => bench.close());

    it('resolves each version to its own digest, the same every time', async () => {
      const { registry, service, repository, versions } = bench;
      const digests = new Set<string>();
      for (const version of versions) {
        const artifact = await registry.resolve(service, repository, version);
        expect(Artifact.parse(artifact)).toMatchObject({ service, version });
        expect(await registry.resolve(service, repository, version)).toEqual(artifact);
        digests.add(artifact?.digest ?? '');
      }
      expect(digests.size).toBe(versions.length);
    });

    it.each(['v0', '', 'V1', 'v1 ', '__proto__', 'constructor'])(
      'knows no version %j',
      async (version) => {
        const { registry, service, repository } = bench;
        expect(await registry.resolve(service, repository, version)).toBeNull();
      },
    );

    it('knows nothing of another service', async () => {
      const { registry, repository, versions } = bench;
      expect(await registry.resolve('nobody', repository, versions[0] ?? '')).toBeNull();
      expect(await registry.list('nobody', repository, 10)).toEqual([]);
    });

    it('lists what it resolves, newest first', async () => {
      const { registry, service, repository, versions } = bench;
      const all = await registry.list(service, repository, 100);
      expect(all.map((it) => it.version)).toEqual([...versions].reverse());
      for (const artifact of all) {
        expect(await registry.resolve(service, repository, artifact.version)).toEqual(artifact);
      }
    });

    it('lists no more than asked for', async () => {
      const { registry, service, repository, versions } = bench;
      const two = await registry.list(service, repository, 2);
      expect(two.map((it) => it.version)).toEqual([...versions].reverse().slice(0, 2));
    });
  });
}
