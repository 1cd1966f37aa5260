import { beforeAll, describe, expect, it } from 'vitest';
import { freshNamespace, type SharedCluster } from '../kubernetes/shared-cluster.ts';
import { requireKubernetes } from '../kubernetes/tools.ts';
import { type Rendered, render } from './helm.ts';

/** Where each kind of the chart lives. */
const paths: Readonly<Record<string, readonly [string, string]>> = {
  ConfigMap: ['/api/v1', 'configmaps'],
  Service: ['/api/v1', 'services'],
  ServiceAccount: ['/api/v1', 'serviceaccounts'],
  Deployment: ['/apis/apps/v1', 'deployments'],
  Job: ['/apis/batch/v1', 'jobs'],
  Role: ['/apis/rbac.authorization.k8s.io/v1', 'roles'],
  RoleBinding: ['/apis/rbac.authorization.k8s.io/v1', 'rolebindings'],
  NetworkPolicy: ['/apis/networking.k8s.io/v1', 'networkpolicies'],
  Ingress: ['/apis/networking.k8s.io/v1', 'ingresses'],
  PodDisruptionBudget: ['/apis/policy/v1', 'poddisruptionbudgets'],
  HTTPRoute: ['/apis/gateway.networking.k8s.io/v1', 'httproutes'],
  ServiceMonitor: ['/apis/monitoring.coreos.com/v1', 'servicemonitors'],
  PrometheusRule: ['/apis/monitoring.coreos.com/v1', 'prometheusrules'],
};

describe.runIf(requireKubernetes())('the chart before a real API server', () => {
  let cluster: SharedCluster;
  let objects: readonly Rendered[];
  let account: string;

  beforeAll(async () => {
    cluster = await freshNamespace();
    await defineMonitoring();
    const { namespace } = cluster;
    const rendering = render(
      {
        settings: { version: 1 },
        alertWebhooks: { mutualTls: { enabled: true, secretName: 'alerts' } },
        environment: { SIGNALBOX_RECONCILE: '10' },
        rbac: { namespaces: [namespace] },
        ingress: { enabled: true, host: 'signalbox.example.com', tlsSecret: 'tls' },
        httpRoute: { enabled: true, host: 'signalbox.example.com', parentRefs: [{ name: 'edge' }] },
        monitoring: {
          serviceMonitor: { enabled: true },
          prometheusRule: { enabled: true },
          dashboards: { enabled: true },
        },
      },
      namespace,
      // The Role beside kube-system is named after it, and other tests may install too.
      `signalbox-${namespace}`,
    );
    if (!rendering.ok) throw new Error(rendering.said);
    objects = rendering.objects;
    account = `system:serviceaccount:${namespace}:signalbox-${namespace}`;
    for (const object of objects) {
      if (!['Role', 'RoleBinding', 'ServiceAccount'].includes(object.kind)) continue;
      expect(await post(object, '')).toBe(201);
    }
  });

  it('is taken whole, with every field known to it', async () => {
    expect(new Set(objects.map(({ kind }) => kind))).toEqual(new Set(Object.keys(paths)));
    for (const object of objects) {
      if (['Role', 'RoleBinding', 'ServiceAccount'].includes(object.kind)) continue;
      const said = await post(object, '?dryRun=All&fieldValidation=Strict');
      expect([object.kind, object.metadata.name, said]).toEqual([
        object.kind,
        object.metadata.name,
        201,
      ]);
    }
  });

  const rights: readonly (readonly [boolean, string, string, string, string | null])[] = [
    [true, 'get', '', 'namespaces', null],
    [true, 'patch', 'apps', 'deployments', null],
    [true, 'create', 'apps', 'deployments', null],
    [true, 'watch', '', 'pods', null],
    [true, 'get', '', 'pods/log', null],
    [true, 'patch', '', 'pods/status', null],
    [true, 'patch', 'gateway.networking.k8s.io', 'httproutes', null],
    [true, 'create', 'batch', 'jobs', null],
    [true, 'list', 'autoscaling', 'horizontalpodautoscalers', null],
    [false, 'get', '', 'secrets', null],
    [false, 'list', '', 'secrets', null],
    [false, 'update', 'apps', 'deployments', null],
    [false, 'delete', '', 'pods', null],
    [false, 'create', '', 'pods/exec', null],
    [false, 'patch', '', 'configmaps', null],
    [false, 'create', 'rbac.authorization.k8s.io', 'rolebindings', null],
    [false, 'patch', 'apps', 'deployments', 'default'],
    [false, 'get', '', 'configmaps', 'kube-system'],
    [true, 'get', '', 'namespaces', 'kube-system'],
    [false, 'get', '', 'namespaces', 'default'],
    [false, 'patch', '', 'namespaces', 'kube-system'],
  ];

  it.each(rights)('its account may (%s) %s %s %s %s', async (may, verb, group, resource, where) => {
    const [plain = '', subresource = ''] = resource.split('/');
    const namespace = where ?? cluster.namespace;
    const name = plain === 'namespaces' ? namespace : 'shop';
    const attributes = { verb, group, resource: plain, subresource, namespace, name };
    const { status, body } = await cluster.ask(
      'POST',
      '/apis/authorization.k8s.io/v1/subjectaccessreviews',
      {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        spec: { user: account, resourceAttributes: attributes },
      },
    );
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: { allowed: may } });
  });

  async function post(object: Rendered, query: string): Promise<number | unknown> {
    const [root, plural] = paths[object.kind] ?? [];
    if (root === undefined) throw new Error(`Where does ${object.kind} live?`);
    const { namespace } = object.metadata;
    const path = `${root}/namespaces/${namespace ?? cluster.namespace}/${plural}${query}`;
    const { status, body } = await cluster.ask('POST', path, object);
    return status === 201 ? status : body;
  }

  /** Of these kinds only that they exist: what is in them is looked at by promtool. */
  async function defineMonitoring(): Promise<void> {
    for (const [kind, plural] of [
      ['ServiceMonitor', 'servicemonitors'],
      ['PrometheusRule', 'prometheusrules'],
    ] as const) {
      const schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
      await cluster.ask('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: `${plural}.monitoring.coreos.com` },
        spec: {
          group: 'monitoring.coreos.com',
          scope: 'Namespaced',
          names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
          versions: [
            { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } },
          ],
        },
      });
      await established(`${plural}`);
    }
  }

  async function established(plural: string): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt++) {
      const path = `/apis/monitoring.coreos.com/v1/namespaces/${cluster.namespace}/${plural}`;
      if ((await cluster.ask('GET', path)).status === 200) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${plural} did not come to be`);
  }
});
