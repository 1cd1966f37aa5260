import type { Artifact } from '#core/release.ts';
import type { SharedCluster } from './shared-cluster.ts';

/** Artifacts of the shop. Those whose digest begins with `dead` crash, `ab5e` cannot be pulled. */
export function shopArtifact(version: string, digest: string): Artifact {
  return { service: 'shop', version, digest: `sha256:${digest.repeat(64).slice(0, 64)}` };
}

export const shop = {
  first: shopArtifact('v1', '1'),
  second: shopArtifact('v2', '2'),
  third: shopArtifact('v3', '3'),
  broken: shopArtifact('v4', 'dead'),
  absent: shopArtifact('v5', 'ab5e'),
} as const;

const allowed = (name: string) => ({ 'signalbox.dev/release': `${name}/production` });
export const allow = allowed('shop');
const image = (artifact: Artifact): string => `registry.example/shop@${artifact.digest}`;

export interface ShopOptions {
  readonly name?: string;
  readonly replicas?: number;
  readonly artifact?: Artifact;
  readonly container?: Readonly<Record<string, unknown>>;
  readonly spec?: Readonly<Record<string, unknown>>;
  /** Who applied what Signalbox is to change; default: it was handed over. */
  readonly owner?: string;
}

/** A Deployment as its owners apply it, with image and size handed over to Signalbox. */
export async function applyShop(cluster: SharedCluster, options: ShopOptions = {}): Promise<void> {
  const { name = 'shop', replicas = 4, artifact = shop.first, owner = 'signalbox' } = options;
  const labels = { app: name };
  const body = (more: object, container: object) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: cluster.namespace, annotations: allowed(name) },
    spec: {
      ...more,
      // All at once: the controller's rounds are not what is tested.
      strategy: { rollingUpdate: { maxSurge: '100%', maxUnavailable: 0 } },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'app', ...container }], ...options.spec },
      },
    },
  });
  const common = { env: [{ name: 'A', value: '1' }], ...options.container };
  await apply(cluster, owner, body({ replicas }, { ...common, image: image(artifact) }));
  await apply(cluster, 'kubectl', body({}, common));
}

/** Two Services, and an HTTPRoute between them where `kind` is a gateway's. */
export async function applyServices(cluster: SharedCluster, withRoute: boolean): Promise<void> {
  for (const name of ['shop', 'shop-candidate']) {
    await apply(cluster, 'kubectl', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: cluster.namespace, annotations: allow },
      spec: { selector: { app: name }, ports: [{ port: 80 }] },
    });
  }
  if (!withRoute) return;
  await apply(cluster, 'kubectl', {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'shop', namespace: cluster.namespace, annotations: allow },
    spec: {
      parentRefs: [{ name: 'edge' }],
      rules: [
        {
          backendRefs: [
            { name: 'shop', port: 80, weight: 100 },
            { name: 'shop-candidate', port: 80, weight: 0 },
          ],
        },
      ],
    },
  });
}

const plurals: Readonly<Record<string, string>> = {
  Deployment: 'deployments',
  Service: 'services',
  HTTPRoute: 'httproutes',
};

/** Server-side apply as some manager. */
export async function apply(
  cluster: SharedCluster,
  manager: string,
  body: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly [key: string]: unknown };
    readonly [key: string]: unknown;
  },
): Promise<void> {
  const root = body.apiVersion.includes('/') ? `/apis/${body.apiVersion}` : '/api/v1';
  const plural = plurals[body.kind] ?? `${body.kind.toLowerCase()}s`;
  const path = `${root}/namespaces/${cluster.namespace}/${plural}/${body.metadata.name}`;
  const { status, body: answer } = await cluster.ask(
    'PATCH',
    `${path}?fieldManager=${manager}`,
    body,
    'application/apply-patch+yaml',
  );
  if (status >= 300) throw new Error(JSON.stringify(answer));
}
