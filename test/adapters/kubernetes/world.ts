import {
  createKubernetes,
  KubernetesTarget,
  type MeasureSplit,
} from '#adapters/kubernetes/index.ts';
import type { Stamp, TargetChange, TargetRef, TargetStatus } from '#ports/delivery-target.ts';
import { changesAt } from '../../kubernetes/following.ts';
import { freshNamespace, type SharedCluster } from '../../kubernetes/shared-cluster.ts';
import { applyServices, applyShop, type ShopOptions } from '../../kubernetes/shop.ts';
import { type Gateway, startGateway } from '../../peers/gateway/gateway.ts';
import { silentLog } from '../silent.ts';

export interface WorldOptions extends ShopOptions {
  readonly traffic?: 'replicas' | 'gateway' | 'service';
  readonly kubeconfig?: string;
  /** Further settings of the service at the target. */
  readonly service?: Readonly<Record<string, unknown>>;
  readonly settle?: number;
  readonly measure?: MeasureSplit;
}

/** A shop in a namespace of its own, and the adapter before it. */
export interface KubernetesWorld {
  readonly cluster: SharedCluster;
  readonly gateway: Gateway | null;
  readonly ref: TargetRef;
  inspect(): Promise<TargetStatus>;
  ask(change: TargetChange, stamp?: Partial<Stamp>): Promise<void>;
  until(what: string, holds: (status: TargetStatus) => boolean): Promise<TargetStatus>;
  /** Ends the adapter and makes another one, as a restart does. */
  restart(kubeconfig?: string): Promise<void>;
  /** The object as the API server has it. */
  read(path: string): Promise<unknown>;
  merge(path: string, body: unknown): Promise<void>;
  close(): Promise<void>;
}

const ref = { target: 'eu', service: 'shop', environment: 'production' };

export async function kubernetesWorld(options: WorldOptions = {}): Promise<KubernetesWorld> {
  const { traffic = 'replicas' } = options;
  const cluster = await freshNamespace();
  await applyShop(cluster, { replicas: 2, ...options });
  const gateway = traffic === 'gateway' ? await startGateway(cluster) : null;
  if (traffic !== 'replicas') await applyServices(cluster, traffic === 'gateway');
  const open = (kubeconfig: string) =>
    createKubernetes({
      targets: {
        eu: KubernetesTarget.parse({
          access: { kind: 'kubeconfig', file: kubeconfig },
          namespace: cluster.namespace,
          settle: options.settle ?? 0,
          services: { shop: { traffic: { kind: traffic }, ...options.service } },
        }),
      },
      clock: { now: Date.now },
      log: silentLog,
      ...(options.measure === undefined ? {} : { measure: options.measure }),
    });
  let kubernetes = open(options.kubeconfig ?? cluster.kubeconfig);
  const changes = changesAt(cluster);
  let identity: string | null = null;

  async function inspect(): Promise<TargetStatus> {
    return kubernetes.target.inspect(ref);
  }

  return {
    cluster,
    gateway,
    ref,
    inspect,
    async ask(change, stamp = {}) {
      identity ??= (await inspect()).identity;
      const whole = { rollout: 'shop-1', planHash: 'p1', step: 0, fence: 5, ...stamp };
      await kubernetes.target.change(ref, change, whole, identity);
    },
    async until(what, holds) {
      let last: unknown;
      for (let round = 0; round < 400; round += 1) {
        const status = await inspect();
        if (holds(status)) return status;
        last = status;
        await changes.change(1000);
      }
      throw new Error(`It did not come about that ${what}: ${JSON.stringify(last)}`);
    },
    async restart(kubeconfig) {
      await kubernetes.close();
      kubernetes = open(kubeconfig ?? options.kubeconfig ?? cluster.kubeconfig);
    },
    async read(path) {
      return (await cluster.ask('GET', whole(path))).body;
    },
    async merge(path, body) {
      const answer = await cluster.ask(
        'PATCH',
        `${whole(path)}?fieldManager=kubectl-edit`,
        body,
        'application/merge-patch+json',
      );
      if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
    },
    async close() {
      await kubernetes.close();
      await gateway?.close();
      changes.close();
    },
  };

  function whole(path: string): string {
    const [group = '', ...rest] = path.split('/');
    const root = group === 'core' ? '/api/v1' : `/apis/${group.replace(':', '/')}`;
    return `${root}/namespaces/${cluster.namespace}/${rest.join('/')}`;
  }
}

export const deployment = 'apps:v1/deployments/shop';
export const route = 'gateway.networking.k8s.io:v1/httproutes/shop';

export function stableIs(digest: string) {
  return ({ stable }: TargetStatus): boolean =>
    stable?.artifact.digest === digest && stable.ready === stable.wanted;
}

export function candidateIs(digest: string) {
  return ({ candidate }: TargetStatus): boolean =>
    candidate?.artifact.digest === digest &&
    candidate.ready === candidate.wanted &&
    candidate.wanted > 0;
}

export function weightIs(weight: number) {
  return (status: TargetStatus): boolean =>
    status.weight === weight && status.weightProof !== 'pending';
}
