import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { token } from '../../kubernetes/cluster.ts';
import { type Nemesis, startNemesis } from '../../kubernetes/nemesis.ts';
import { apply, shop } from '../../kubernetes/shop.ts';
import { requireKubernetes } from '../../kubernetes/tools.ts';
import {
  candidateIs,
  deployment,
  type KubernetesWorld,
  kubernetesWorld,
  route,
  stableIs,
  weightIs,
} from './world.ts';

const prepare = { kind: 'prepare', artifact: shop.second, capacityPercent: 50 } as const;
const Weights = z.object({
  spec: z.object({
    rules: z.array(z.object({ backendRefs: z.array(z.object({ weight: z.number() })) })),
  }),
});
const Annotated = z.object({
  metadata: z.object({ annotations: z.record(z.string(), z.string()).default({}) }),
});
const Images = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({ containers: z.array(z.object({ image: z.string() })) }),
    }),
  }),
});

describe.skipIf(!requireKubernetes())('what belongs to somebody else', () => {
  let world: KubernetesWorld;
  afterEach(() => world.close());

  it('is not touched without the annotation of its owner', async () => {
    world = await kubernetesWorld();
    await world.until('stable is ready', stableIs(shop.first.digest));
    await world.merge(deployment, {
      metadata: { annotations: { 'signalbox.dev/release': 'shop/staging' } },
    });
    expect((await world.inspect()).drift).toContain('signalbox.dev/release=shop/production');
    await expect(world.ask(prepare)).rejects.toMatchObject({ code: 'target.rejected' });
    const { annotations } = Annotated.parse(await world.read(deployment)).metadata;
    expect(annotations['signalbox.dev/state']).toBeUndefined();
  });

  it('is not forced: the owner of the image is named', async () => {
    world = await kubernetesWorld({ owner: 'kubectl-create' });
    await world.until('stable is ready', stableIs(shop.first.digest));
    await world.ask({ kind: 'replace', artifact: shop.second });
    await expect(world.until('it never ends', () => false)).rejects.toMatchObject({
      code: 'target.conflict',
      retryable: false,
      message: expect.stringMatching(/image.*kubectl-create/),
    });
    const [container] = Images.parse(await world.read(deployment)).spec.template.spec.containers;
    expect(container?.image).toContain(shop.first.digest);
  });

  it('is another object when it was made anew', async () => {
    world = await kubernetesWorld();
    await world.ask(prepare);
    await world.cluster.ask(
      'DELETE',
      `/apis/apps/v1/namespaces/${world.cluster.namespace}/deployments/shop`,
    );
    const { applyShop } = await import('../../kubernetes/shop.ts');
    await applyShop(world.cluster);
    await expect(world.ask(prepare)).rejects.toMatchObject({ code: 'target.identity_changed' });
  });

  it('is found by who changed it and when, and stops the release', async () => {
    world = await kubernetesWorld();
    await world.ask(prepare);
    await world.until('the candidate is ready', candidateIs(shop.second.digest));
    await world.merge(deployment, {
      spec: {
        template: {
          spec: {
            containers: [{ name: 'app', image: `registry.example/shop@${shop.third.digest}` }],
          },
        },
      },
    });
    const { drift, stable } = await world.inspect();
    expect(drift).toMatch(/runs registry.example\/shop@sha256:3333.*kubectl-edit changed it at/);
    expect(stable?.artifact.digest).toBe(shop.third.digest);
    await expect(world.ask({ kind: 'shift', weight: 50 }, { step: 1 })).rejects.toMatchObject({
      code: 'target.conflict',
    });
  });

  it('a weight that somebody else set is drift', async () => {
    world = await kubernetesWorld({ traffic: 'gateway' });
    await world.ask(prepare);
    await world.until('the candidate is ready', candidateIs(shop.second.digest));
    await world.ask({ kind: 'shift', weight: 20 }, { step: 1 });
    await world.until('it is in force', weightIs(20));
    const operations = [{ op: 'replace', path: '/spec/rules/0/backendRefs/1/weight', value: 70 }];
    const path = `/apis/gateway.networking.k8s.io/v1/namespaces/${world.cluster.namespace}/httproutes/shop`;
    await world.cluster.ask(
      'PATCH',
      `${path}?fieldManager=kubectl-edit`,
      operations,
      'application/json-patch+json',
    );
    expect((await world.inspect()).drift).toMatch(/sends 47 % .* not 20 %; kubectl-edit changed/);
  });
});

describe.skipIf(!requireKubernetes())('the fence policy of docs/kubernetes', () => {
  it('makes the API server refuse a writer that was overtaken', async () => {
    const world = await kubernetesWorld();
    const root = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolic';
    const file = new URL('../../../docs/kubernetes/fence-policy.yaml', import.meta.url);
    const [policy, binding] = readFileSync(file, 'utf8')
      .split('\n---\n')
      .map((one) => parse(one));
    // Only here: other tests run beside this one.
    const { namespace } = world.cluster;
    const name = `fence-${namespace}`;
    policy.metadata.name = name;
    binding.metadata.name = name;
    binding.spec.policyName = name;
    binding.spec.matchResources = {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    };
    await world.cluster.ask('POST', `${root}ies`, policy);
    await world.cluster.ask('POST', `${root}ybindings`, binding);
    await world.ask(prepare);
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments/shop?fieldManager=old`;
    const write = (fence: string) =>
      world.cluster.ask(
        'PATCH',
        path,
        { metadata: { annotations: { 'signalbox.dev/fence': fence } } },
        'application/merge-patch+json',
      );
    await expect
      .poll(async () => [await write('1000005'), await write('1')][1]?.body, { timeout: 10_000 })
      .toMatchObject({ message: expect.stringContaining('may not fall') });
    expect((await write('1000006')).status).toBe(200);
    await world.cluster.ask('DELETE', `${root}ybindings/${name}`);
    await world.cluster.ask('DELETE', `${root}ies/${name}`);
    await world.close();
  });
});

describe.skipIf(!requireKubernetes())('weights of a route, step after step', () => {
  let world: KubernetesWorld;
  beforeAll(async () => {
    world = await kubernetesWorld({ traffic: 'gateway' });
    await world.ask(prepare);
    await world.until('the candidate is ready', candidateIs(shop.second.digest));
  });
  afterAll(() => world.close());

  async function weights(): Promise<readonly number[]> {
    const { rules } = Weights.parse(await world.read(route)).spec;
    return rules[0]?.backendRefs.map(({ weight }) => weight) ?? [];
  }

  it('are the only things that are written of its rules', async () => {
    const before = z.looseObject({ spec: z.unknown() }).parse(await world.read(route)).spec;
    await world.ask({ kind: 'shift', weight: 30 }, { step: 1 });
    await world.until('it is in force', weightIs(30));
    const after = z.looseObject({ spec: z.unknown() }).parse(await world.read(route)).spec;
    const expected = JSON.stringify(before).replace('"weight":100', '"weight":70');
    expect(JSON.stringify(after)).toBe(expected.replace('"weight":0', '"weight":30'));
  });

  it('count only once every parent has accepted them', async () => {
    world.gateway?.hold();
    await world.ask({ kind: 'shift', weight: 40 }, { step: 2 });
    const written = await world.until('it is written', ({ weight }) => weight === 40);
    expect(written.weightProof).toBe('pending');
    world.gateway?.release();
    await world.until('it is accepted', weightIs(40));
  });

  it('go back to nothing at once when the pods of the candidate vanish', async () => {
    await world.ask({ kind: 'shift', weight: 50 }, { step: 3 });
    await world.until('it is in force', weightIs(50));
    const root = `/api/v1/namespaces/${world.cluster.namespace}`;
    await world.cluster.ask('POST', `${root}/resourcequotas`, {
      metadata: { name: 'none' },
      spec: { hard: { pods: '2' } },
    });
    // Until it has been counted what there is, a new pod may still come in the place of the old one.
    await expect
      .poll(() => world.read('core/resourcequotas/none'), { timeout: 10_000 })
      .toMatchObject({ status: { used: { pods: '3' } } });
    await world.cluster.ask('DELETE', `${root}/pods?labelSelector=signalbox.dev/side=candidate`);
    const status = await world.until('no traffic is left', ({ weight }) => weight === 0);
    expect(await weights()).toEqual([100, 0]);
    expect(status.weightProof).toBe('pending');
    await world.until('the quota is named', ({ problems }) =>
      problems.some(({ code, text }) => code === 'quota' && text.includes('exceeded quota')),
    );
  });
});

describe.skipIf(!requireKubernetes())('trouble on the way to the API server', () => {
  let world: KubernetesWorld;
  let nemesis: Nemesis;
  beforeEach(async () => {
    world = await kubernetesWorld();
    nemesis = await startNemesis(world.cluster.url, token);
    await world.restart(nemesis.kubeconfig);
    await world.until('stable is ready', stableIs(shop.first.digest));
  });
  afterEach(async () => {
    await world.close();
    await nemesis.close();
  });

  const writes = (method: string): boolean => method !== 'GET';

  it('429, 503 and a reset are outages that may pass', async () => {
    const outages = [
      [{ kind: 'answer', status: 429, headers: { 'retry-after': '1' } }, 1000],
      [{ kind: 'answer', status: 503 }, undefined],
      [{ kind: 'reset' }, undefined],
    ] as const;
    for (const [trouble, retryAfterMs] of outages) {
      nemesis.trouble(() => true, trouble);
      await expect(world.inspect(), JSON.stringify(trouble)).rejects.toMatchObject({
        code: 'target.unavailable',
        retryable: true,
        retryAfterMs,
      });
      nemesis.calm();
      await world.until('it is well again', stableIs(shop.first.digest));
    }
  });

  it('a write that lost a race is decided anew, and not for ever', async () => {
    const lost = {
      kind: 'answer',
      status: 409,
      body: JSON.stringify({
        kind: 'Status',
        reason: 'Conflict',
        message: 'the object has been modified; please apply your changes to the latest version',
      }),
    } as const;
    nemesis.trouble(writes, lost, 2);
    await world.ask(prepare);
    await world.until('the candidate is ready', candidateIs(shop.second.digest));
    nemesis.trouble(writes, lost);
    await expect(world.ask({ kind: 'shift', weight: 50 }, { step: 1 })).rejects.toMatchObject({
      code: 'target.conflict',
      retryable: true,
    });
    nemesis.calm();
    await world.ask({ kind: 'shift', weight: 50 }, { step: 1 });
    await world.until('half of the copies are new', weightIs(50));
  });

  it('an answer that is lost is found out by looking, not by doing it twice', async () => {
    nemesis.trouble(writes, { kind: 'lose-answer' }, 1);
    await expect(world.ask(prepare)).rejects.toMatchObject({ code: 'target.unavailable' });
    expect((await world.inspect()).stamp).toMatchObject({ rollout: 'shop-1', step: 0 });
    await world.ask(prepare);
    await world.until('the candidate is ready', candidateIs(shop.second.digest));
    const applied = nemesis.requests().filter((one) => /PATCH .*deployments\/shop\?/.test(one));
    expect(applied).toHaveLength(1);
  });

  it('a kubeconfig that leads to another cluster is noticed', async () => {
    const Space = z.object({ metadata: z.object({ uid: z.string() }) });
    const { body } = await world.cluster.ask('GET', '/api/v1/namespaces/kube-system');
    const { uid } = Space.parse(body).metadata;
    await world.inspect();
    await world.ask({ kind: 'restore' });
    nemesis.trouble((_, path) => path.endsWith('/kube-system'), {
      kind: 'rewrite',
      from: uid,
      to: '00000000-0000-4000-8000-000000000000',
    });
    await expect(world.ask(prepare)).rejects.toMatchObject({ code: 'target.identity_changed' });
  });

  it('a process that died after its record is continued by another', async () => {
    nemesis.trouble((method, path) => writes(method) && path.includes('-candidate'), {
      kind: 'reset',
    });
    await world.ask(prepare);
    await world.restart(world.cluster.kubeconfig);
    await world.until('the candidate is ready', candidateIs(shop.second.digest));
  });
});

describe.skipIf(!requireKubernetes())('what the new pods need', () => {
  let world: KubernetesWorld;
  afterEach(() => world.close());

  it.each([
    [
      { env: [{ name: 'B', valueFrom: { configMapKeyRef: { name: 'settings', key: 'b' } } }] },
      'ConfigMap settings has no key b',
    ],
    [{ envFrom: [{ secretRef: { name: 'keys' } }] }, 'Secret keys does not exist'],
  ])('is missed before there is traffic: %j', async (container, text) => {
    world = await kubernetesWorld({ container });
    await apply(world.cluster, 'kubectl', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace: world.cluster.namespace },
      data: { a: '1' },
    });
    await world.ask(prepare);
    const { problems, weight } = await world.inspect();
    expect(problems).toContainEqual({ code: 'missing_reference', text });
    expect(weight).toBe(0);
  });

  it.each([
    [shop.broken, 'crash_loop', /exit code 1\): .*cannot reach the database/],
    [shop.absent, 'image_pull', /ImagePullBackOff/],
  ] as const)('and what is wrong with %o is told', async (artifact, code, words) => {
    world = await kubernetesWorld();
    await world.ask({ ...prepare, artifact });
    const { problems } = await world.until('a problem shows', (it) => it.problems.length > 0);
    expect(problems).toEqual([{ code, text: expect.stringMatching(words) }]);
  });
});
