import { describe, expect, it } from 'vitest';
import { createMemoryRegistry } from '#adapters/memory/artifact-registry.ts';
import { artifactRegistryContract } from '../../contracts/artifact-registry.ts';

artifactRegistryContract('memory', async () => ({
  registry: createMemoryRegistry({ shop: ['v1', 'v2', 'v3'], api: ['v1'] }).registry,
  service: 'shop',
  repository: '',
  versions: ['v1', 'v2', 'v3'],
  close: async () => {},
}));

describe('the world behind the memory registry', () => {
  it('publishes what is found from then on', async () => {
    const { registry, world } = createMemoryRegistry({ shop: ['v1'] });
    const published = world.publish('shop', 'v2');
    expect(await registry.list('shop', '', 1)).toEqual([published]);
  });

  it('fails until told otherwise', async () => {
    const { registry, world } = createMemoryRegistry({ shop: ['v1'] });
    world.fail('registry.unavailable');
    await expect(registry.resolve('shop', '', 'v1')).rejects.toMatchObject({ name: 'Fault' });
    world.fail(null);
    expect(await registry.resolve('shop', '', 'v1')).not.toBeNull();
  });
});
