import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { createKubernetes, KubernetesTarget } from '#adapters/kubernetes/index.ts';
import type { TargetStatus } from '#ports/delivery-target.ts';
import { readProjectFile } from '../../architecture/tree.ts';
import { changesAt, type Following } from '../../kubernetes/following.ts';
import { freshNamespace, type SharedCluster } from '../../kubernetes/shared-cluster.ts';
import { shop } from '../../kubernetes/shop.ts';
import { requireKubernetes } from '../../kubernetes/tools.ts';
import { silentLog } from '../silent.ts';

const page = readProjectFile('docs/kubernetes.md');
/** What stands between a mark and the end of it: `shop.yaml`, and what is handed over. */
const between = (from: string, to: string): string => page.split(from)[1]?.split(to)[0] ?? '';
const manifest = between('```yaml\n', '\n```');
const handedOver = between("<<'END'\n", '\nEND');

const Thing = z.looseObject({ kind: z.string(), metadata: z.looseObject({ name: z.string() }) });
const paths: Readonly<Record<string, string>> = {
  Service: '/api/v1/namespaces/*/services',
  HTTPRoute: '/apis/gateway.networking.k8s.io/v1/namespaces/*/httproutes',
  Deployment: '/apis/apps/v1/namespaces/*/deployments',
};

describe.skipIf(!requireKubernetes())('the objects and commands of docs/kubernetes.md', () => {
  let cluster: SharedCluster;
  let changes: Following;
  let kubernetes: ReturnType<typeof createKubernetes>;
  const ref = { target: 'production', service: 'shop', environment: 'production' };

  beforeAll(async () => {
    cluster = await freshNamespace();
    changes = changesAt(cluster);
    const settings = parse(readProjectFile('examples/kubernetes.yaml'));
    kubernetes = createKubernetes({
      targets: {
        production: KubernetesTarget.parse({
          ...settings.targets.production.options,
          access: { kind: 'kubeconfig', file: cluster.kubeconfig },
          namespace: cluster.namespace,
          settle: 0,
        }),
      },
      clock: { now: Date.now },
      log: silentLog,
    });
  });
  afterAll(async () => {
    await kubernetes.close();
    changes.close();
  });

  /** As `kubectl apply --server-side` does. */
  async function apply(text: string, manager: string, force: boolean): Promise<readonly number[]> {
    const said: number[] = [];
    for (const document of parseAllDocuments(text)) {
      const thing = Thing.parse(document.toJS());
      const metadata = { ...thing.metadata, namespace: cluster.namespace };
      const path = `${paths[thing.kind]}/${thing.metadata.name}`.replace('*', cluster.namespace);
      const query = `fieldManager=${manager}&fieldValidation=Strict&force=${force}`;
      const type = 'application/apply-patch+yaml';
      const body = { ...thing, metadata };
      said.push((await cluster.ask('PATCH', `${path}?${query}`, body, type)).status);
    }
    return said;
  }

  async function until(holds: (status: TargetStatus) => boolean): Promise<TargetStatus> {
    let last: TargetStatus | null = null;
    for (let round = 0; round < 200; round += 1) {
      last = await kubernetes.target.inspect(ref);
      if (holds(last)) return last;
      await changes.change(250);
    }
    throw new Error(JSON.stringify(last));
  }

  it('make a place that a release can go to, and that its manifest leaves as it is', async () => {
    const image = handedOver.replace('<digest of v1>', shop.first.digest.slice('sha256:'.length));
    expect(await apply(image, 'signalbox', true)).toEqual([201]);
    expect(await apply(manifest, 'kubectl', false)).toEqual([201, 201, 201, 200]);
    const before = await until(({ stable }) => stable !== null && stable.ready === 4);
    expect(before).toMatchObject({ weight: 0, drift: null, stable: { wanted: 4 } });
    expect(before.stable?.artifact.digest).toBe(shop.first.digest);

    const stamp = { rollout: 'shop-1', planHash: 'p', step: 0, fence: 1 };
    const change = { kind: 'prepare', artifact: shop.second, capacityPercent: 25 } as const;
    await kubernetes.target.change(ref, change, stamp, before.identity);
    const ready = await until(({ candidate }) => candidate !== null && candidate.ready === 1);
    expect(ready.candidate?.artifact.digest).toBe(shop.second.digest);
    // The owner applies the manifest again, as a pipeline would at any time.
    const deployment = manifest.slice(manifest.indexOf('apiVersion: apps/v1'));
    expect(await apply(deployment, 'kubectl', false)).toEqual([200]);
    expect((await kubernetes.target.inspect(ref)).drift).toBeNull();
  });
});
