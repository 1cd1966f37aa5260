import { createKubernetes, KubernetesTarget } from '#adapters/kubernetes/index.ts';
import type { DeliveryTargetBench } from '../../contracts/delivery-target.ts';
import { changesAt } from '../../kubernetes/following.ts';
import { freshNamespace } from '../../kubernetes/shared-cluster.ts';
import { applyServices, applyShop, shop } from '../../kubernetes/shop.ts';
import { startGateway } from '../../peers/gateway/gateway.ts';
import { silentLog } from '../silent.ts';

/** The shop as the contract of delivery targets wants it. */
export async function deliveryBench(traffic: 'replicas' | 'gateway'): Promise<DeliveryTargetBench> {
  const cluster = await freshNamespace();
  // As shares of copies, quarters need four of them.
  await applyShop(cluster, { replicas: traffic === 'replicas' ? 4 : 2 });
  const gateway = traffic === 'gateway' ? await startGateway(cluster) : null;
  if (traffic !== 'replicas') await applyServices(cluster, traffic === 'gateway');
  const kubernetes = createKubernetes({
    targets: {
      eu: KubernetesTarget.parse({
        access: { kind: 'kubeconfig', file: cluster.kubeconfig },
        namespace: cluster.namespace,
        settle: 0,
        services: {
          shop: {
            traffic: { kind: traffic },
            jobs: { migrate: { kind: 'job', command: ['true'] } },
          },
        },
      }),
    },
    clock: { now: Date.now },
    log: silentLog,
  });
  const changes = changesAt(cluster);
  return {
    target: kubernetes.target,
    ref: { target: 'eu', service: 'shop', environment: 'production' },
    first: shop.first,
    second: shop.second,
    third: shop.third,
    broken: shop.broken,
    job: 'migrate',
    pass: () => changes.change(1000),
    async close() {
      await kubernetes.close();
      await gateway?.close();
      changes.close();
    },
  };
}
