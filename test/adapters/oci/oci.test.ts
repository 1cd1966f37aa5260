import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOciRegistry, OciRegistry } from '#adapters/oci/index.ts';
import { artifactRegistryContract } from '../../contracts/artifact-registry.ts';
import {
  type DockerRegistry,
  requireDockerRegistry,
  startDockerRegistry,
} from '../../docker-registry.ts';

const versions = ['v1.0.0-rc.1', 'v1.0.0', 'v1.2.0', 'v1.10.0'];
describe.runIf(requireDockerRegistry())('a registry of container images', () => {
  let server: DockerRegistry;
  beforeAll(async () => {
    server = await startDockerRegistry();
    for (const tag of versions) {
      await server.push('team/shop', [tag], { labels: { version: tag } });
    }
    await server.push('team/shop', ['latest', 'main-3f2a'], { labels: { version: 'v1.10.0' } });
  });
  afterAll(() => server.stop());

  function registryAt(repository: string, more: object = {}) {
    const options = OciRegistry.parse({ url: server.url, ...more });
    const registry = createOciRegistry(options, undefined);
    return { registry, service: 'shop', repository };
  }

  artifactRegistryContract('OCI', async () => ({
    ...registryAt('team/shop'),
    // Another service is in another repository there.
    registry: byService(registryAt('').registry),
    versions,
    close: async () => {},
  }));

  it('lists all tags by name where versions are not semantic', async () => {
    const { registry } = registryAt('', { tags: 'all' });
    const all = await registry.list('shop', 'team/shop', 3);
    expect(all.map(({ version }) => version)).toEqual(['v1.2.0', 'v1.10.0', 'v1.0.0-rc.1']);
  });

  it('says where an image was built from, also below an index', async () => {
    const labels = {
      'org.opencontainers.image.source': 'https://github.com/team/api',
      'org.opencontainers.image.revision': 'c0ffee1234',
      'org.opencontainers.image.created': '2026-11-20T10:00:00Z',
    };
    const source = {
      repository: 'https://github.com/team/api',
      commit: 'c0ffee1234',
      builtAt: Date.parse('2026-11-20T10:00:00Z'),
    };
    const { registry } = registryAt('');
    const plain = await server.push('api', ['v1'], { labels });
    expect(await registry.resolve('api', '', 'v1')).toMatchObject({ digest: plain, source });
    const index = await server.push('api', ['v2'], { labels, indexed: true });
    expect(index).not.toBe(plain);
    expect(await registry.resolve('api', '', 'v2')).toMatchObject({ digest: index, source });
  });

  it('follows a tag that was moved', async () => {
    const { registry } = registryAt('');
    const before = await server.push('moving', ['v1'], { labels: { n: '1' } });
    expect((await registry.resolve('moving', '', 'v1'))?.digest).toBe(before);
    const after = await server.push('moving', ['v1'], { labels: { n: '2' } });
    expect((await registry.resolve('moving', '', 'v1'))?.digest).toBe(after);
    expect(after).not.toBe(before);
  });

  it.each(['../catalog', 'Shop', 'a//b', 'a b', '-a'])('asks nothing for %j', async (name) => {
    const { registry } = registryAt('');
    expect(await registry.resolve('shop', name, 'v1.0.0')).toBeNull();
    expect(await registry.list('shop', name, 5)).toEqual([]);
  });
});

/** The repository of a service in a registry of teams. */
function byService(registry: ReturnType<typeof createOciRegistry>): typeof registry {
  return {
    resolve: (service, _, version) => registry.resolve(service, `team/${service}`, version),
    list: (service, _, limit) => registry.list(service, `team/${service}`, limit),
  };
}
