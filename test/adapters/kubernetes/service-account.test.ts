import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { openConnection } from '#adapters/kubernetes/connection.ts';
import { createTransport } from '#adapters/kubernetes/transport.ts';
import { render } from '../../helm/helm.ts';
import { type Nemesis, startNemesis } from '../../kubernetes/nemesis.ts';
import { freshNamespace, type SharedCluster } from '../../kubernetes/shared-cluster.ts';
import { apply, shop } from '../../kubernetes/shop.ts';
import { requireKubernetes } from '../../kubernetes/tools.ts';
import { candidateIs, type KubernetesWorld, kubernetesWorld, stableIs, weightIs } from './world.ts';

const Role = z.object({
  rules: z.array(z.object({ resources: z.array(z.string()), verbs: z.array(z.string()) })),
});
const Token = z.object({ status: z.object({ token: z.string() }) });

/** What the chart lets its account do in a namespace, made there. */
async function bindChart(cluster: SharedCluster) {
  const { namespace } = cluster;
  const name = `signalbox-${namespace}`;
  const rendering = render({ settings: {}, rbac: { namespaces: [namespace] } }, namespace, name);
  if (!rendering.ok) throw new Error(rendering.said);
  const plurals = new Map([
    ['Role', '/apis/rbac.authorization.k8s.io/v1'],
    ['RoleBinding', '/apis/rbac.authorization.k8s.io/v1'],
    ['ServiceAccount', '/api/v1'],
  ]);
  for (const object of rendering.objects) {
    const root = plurals.get(object.kind);
    if (root === undefined) continue;
    const where = object.metadata.namespace ?? namespace;
    const path = `${root}/namespaces/${where}/${object.kind.toLowerCase()}s`;
    const { status, body } = await cluster.ask('POST', path, object);
    if (status !== 201) throw new Error(JSON.stringify(body));
  }
  const account = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`;
  const rights = rendering.objects
    .filter(({ kind }) => kind === 'Role')
    .flatMap((role) => Role.parse(role).rules)
    .flatMap(({ resources, verbs }) =>
      resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`)),
    );
  return {
    rights: new Set(rights),
    async token(): Promise<string> {
      const wish = { spec: { expirationSeconds: 600 } };
      const { body } = await cluster.ask('POST', `${account}/token`, wish);
      return Token.parse(body).status.token;
    },
  };
}

/** The right that a request needs; applying what is not there yet needs a second one. */
function rightsOf(request: string): readonly string[] {
  const [method = '', target = ''] = request.split(' ');
  const { pathname, searchParams } = new URL(target, 'http://api');
  const parts = pathname.split('/').slice(pathname.startsWith('/apis/') ? 4 : 3);
  const [, , resource, name, subresource] = parts[0] === 'namespaces' ? parts : ['', '', ...parts];
  if (resource === undefined) return ['get namespaces'];
  const whole = subresource === undefined ? resource : `${resource}/${subresource}`;
  switch (method) {
    case 'GET':
      if (searchParams.get('watch') === 'true') return [`watch ${whole}`];
      return [`${name === undefined ? 'list' : 'get'} ${whole}`];
    case 'PATCH':
      return [`patch ${whole}`, ...(whole === 'deployments' ? ['create deployments'] : [])];
    case 'POST':
      return [`create ${whole}`];
    default:
      return [`${method.toLowerCase()} ${whole}`];
  }
}

describe.skipIf(!requireKubernetes())("with the chart's own rights", () => {
  let world: KubernetesWorld | null = null;
  let nemesis: Nemesis | null = null;
  let rights: ReadonlySet<string> = new Set();
  const used = new Set<string>();
  afterEach(async () => {
    await world?.close();
    for (const request of nemesis?.requests() ?? []) {
      for (const right of rightsOf(request)) used.add(right);
    }
    await nemesis?.close();
    [world, nemesis] = [null, null];
  });

  const env = { envFrom: [{ configMapRef: { name: 'settings' } }] };
  const jobs = { migrate: { kind: 'job', command: ['true'] } };
  const ways = [
    ['copies', { replicas: 2, container: env, service: { jobs } }, shop.second],
    ['a gateway', { replicas: 2, traffic: 'gateway', service: { baseline: true } }, shop.second],
    ['a Service', { replicas: 2, traffic: 'service' }, shop.second],
  ] as const;

  it.each(ways)(
    'a whole release goes out by %s',
    { timeout: 60_000 },
    async (_, options, artifact) => {
      const here = await kubernetesWorld(options);
      world = here;
      await apply(here.cluster, 'kubectl', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'settings', namespace: here.cluster.namespace },
        data: { a: '1' },
      });
      const account = await bindChart(here.cluster);
      rights = account.rights;
      nemesis = await startNemesis(here.cluster.url, await account.token());
      await here.restart(nemesis.kubeconfig);
      await here.ask({ kind: 'prepare', artifact: shop.broken, capacityPercent: 100 });
      await here.until('its words are read', ({ problems }) =>
        problems.some(({ text }) => text.includes('cannot reach the database')),
      );
      if ('service' in options && 'jobs' in options.service) {
        await here.ask({ kind: 'run', job: 'migrate', artifact }, { step: 1 });
        await here.until('the job is done', (it) => it.jobs['migrate'] === 'succeeded');
      }
      await here.ask({ kind: 'prepare', artifact, capacityPercent: 100 }, { step: 2 });
      await here.until('the candidate is ready', candidateIs(artifact.digest));
      await here.ask({ kind: 'shift', weight: 100 }, { step: 3 });
      await here.until('it has the traffic', weightIs(100));
      await here.ask({ kind: 'promote' }, { step: 4 });
      await here.until('it is stable', stableIs(artifact.digest));
      await here.ask({ kind: 'retire' }, { step: 5 });
      await here.until('it is alone', ({ candidate }) => candidate === null);
      // The next release clears the jobs of the last one away.
      await here.ask({ kind: 'restore' }, { rollout: 'shop-2', step: 0, fence: 1 });
      await expect
        .poll(() => here.read('batch:v1/jobs'), { timeout: 10_000 })
        .toMatchObject({ items: [] });
    },
  );

  it('and there is none that nothing needs', () => {
    expect([...rights].filter((right) => !used.has(right))).toEqual([]);
  });
});

describe.skipIf(!requireKubernetes())('in a pod of the cluster', () => {
  let cluster: SharedCluster;
  const root = mkdtempSync(join(tmpdir(), 'signalbox-pod-'));
  const files = join(root, 'var/run/secrets/kubernetes.io/serviceaccount');
  beforeAll(async () => {
    cluster = await freshNamespace();
    const { hostname, port } = new URL(cluster.url);
    vi.stubEnv('KUBERNETES_SERVICE_HOST', hostname);
    vi.stubEnv('KUBERNETES_SERVICE_PORT', port);
    mkdirSync(files, { recursive: true });
    const certificates = join(dirname(cluster.kubeconfig), 'certificates');
    writeFileSync(join(files, 'ca.crt'), readFileSync(join(certificates, 'apiserver.crt')));
    writeFileSync(join(files, 'namespace'), cluster.namespace);
  });
  afterAll(async () => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
  });

  it('the account of the pod is used, its authority checked, its token read anew', async () => {
    const account = await bindChart(cluster);
    writeFileSync(join(files, 'token'), await account.token());
    const transport = createTransport(openConnection({ kind: 'in-cluster', root }));
    const ask = () =>
      transport.ask({
        method: 'GET',
        path: `/apis/apps/v1/namespaces/${cluster.namespace}/deployments`,
        what: 'Listing deployments',
      });
    expect(JSON.parse((await ask()) ?? '')).toMatchObject({ kind: 'DeploymentList' });

    // A minute is the longest that a token is kept.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    writeFileSync(join(files, 'token'), 'expired');
    await expect(ask()).rejects.toMatchObject({ code: 'target.unavailable', retryable: true });
    vi.setSystemTime(Date.now() + 61_000);
    writeFileSync(join(files, 'token'), await account.token());
    expect(JSON.parse((await ask()) ?? '')).toMatchObject({ kind: 'DeploymentList' });
    transport.close();
  });
});
