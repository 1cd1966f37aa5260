import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { freshNamespace } from './shared-cluster.ts';
import { kubernetesVersion, requireKubernetes } from './tools.ts';

describe.skipIf(!requireKubernetes())('the cluster of the tests', () => {
  it('is the version that the tools module pins', async () => {
    const cluster = await freshNamespace();
    const { body } = await cluster.ask('GET', '/version');
    expect(z.object({ gitVersion: z.string() }).parse(body).gitVersion).toBe(kubernetesVersion());
  });
});
