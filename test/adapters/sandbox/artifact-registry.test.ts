import { describe, expect, it } from 'vitest';
import { createSandboxRegistry } from '#adapters/sandbox/artifact-registry.ts';
import { demoCatalogue, SandboxRegistry } from '#adapters/sandbox/index.ts';
import { artifactRegistryContract } from '../../contracts/artifact-registry.ts';

artifactRegistryContract('sandbox', async () => ({
  registry: createSandboxRegistry(demoCatalogue),
  service: 'shop',
  repository: 'demo/shop',
  versions: ['v1', 'v2', 'v3', 'v4', 'v5', 'v6', 'v7', 'v8', 'v9'],
  close: async () => {},
}));

describe('the catalogue of the sandbox', () => {
  it('gives bits of another digest when the character changes', async () => {
    const digests = [0, 0.5].map(async (errorRate) => {
      const registry = registryOf([{ version: 'v1', character: { errorRate } }]);
      return (await registry.resolve('shop', '', 'v1'))?.digest;
    });
    const [calm, bad] = await Promise.all(digests);
    expect(calm).not.toBe(bad);
  });

  it.each([
    ['a version twice', { initial: null, versions: [{ version: 'v1' }, { version: 'v1' }] }],
    ['an initial version it does not have', { initial: 'v2', versions: [{ version: 'v1' }] }],
    ['a trait that does not exist', { initial: null, versions: [{ version: 'v1', charm: 1 }] }],
    ['no versions', { initial: null, versions: [] }],
  ])('refuses %s', (_name, shop) => {
    expect(SandboxRegistry.safeParse({ services: { shop } }).success).toBe(false);
  });
});

function registryOf(versions: readonly object[]) {
  const { services } = SandboxRegistry.parse({ services: { shop: { initial: null, versions } } });
  return createSandboxRegistry(services);
}
