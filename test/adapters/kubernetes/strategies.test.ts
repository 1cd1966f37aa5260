import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { token } from '../../kubernetes/cluster.ts';
import { shop } from '../../kubernetes/shop.ts';
import { requireKubernetes } from '../../kubernetes/tools.ts';
import {
  candidateIs,
  deployment,
  type KubernetesWorld,
  kubernetesWorld,
  stableIs,
  weightIs,
} from './world.ts';

const Sized = z.object({ spec: z.object({ replicas: z.number() }) });
const Selecting = z.object({ spec: z.object({ selector: z.record(z.string(), z.string()) }) });
const full = { kind: 'prepare', artifact: shop.second, capacityPercent: 100 } as const;
const half = { ...full, capacityPercent: 50 } as const;

describe.skipIf(!requireKubernetes())('strategies on a real API server', () => {
  let world: KubernetesWorld;
  afterEach(() => world.close());

  const copies = async (path: string): Promise<number> =>
    Sized.parse(await world.read(path)).spec.replicas;

  it('blue/green by a Service: preview, switch, and at once back', async () => {
    world = await kubernetesWorld({ traffic: 'service' });
    await world.ask(full);
    await world.until('the preview is ready', candidateIs(shop.second.digest));
    const selector = async (): Promise<unknown> =>
      Selecting.parse(await world.read('core/services/shop')).spec.selector;
    expect(await selector()).toEqual({ app: 'shop' });
    await world.ask({ kind: 'shift', weight: 100 }, { step: 1 });
    const switched = await world.until('it is switched', weightIs(100));
    expect(await selector()).toEqual({ app: 'shop-candidate' });
    // The way back keeps all its copies.
    expect(switched.stable).toMatchObject({ ready: 2, artifact: { digest: shop.first.digest } });
    await world.ask({ kind: 'shift', weight: 0 }, { step: 2 });
    await world.until('it is back', weightIs(0));
    expect(await selector()).toEqual({ app: 'shop' });
  });

  it('a canary by copies shows what the share comes to', async () => {
    world = await kubernetesWorld({ replicas: 3 });
    await world.ask(half);
    await world.until('the candidate is ready', candidateIs(shop.second.digest));
    await world.ask({ kind: 'shift', weight: 10 }, { step: 1 });
    const status = await world.until('it is in force', weightIs(10));
    expect(status.achieved).toBe(25);
    expect(await copies(deployment)).toBe(3);
  });

  it('an autoscaler keeps the size of stable', async () => {
    world = await kubernetesWorld({ replicas: 4 });
    await world.cluster.ask(
      'POST',
      `/apis/autoscaling/v2/namespaces/${world.cluster.namespace}/horizontalpodautoscalers`,
      {
        metadata: { name: 'shop' },
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop' },
          minReplicas: 2,
          maxReplicas: 9,
        },
      },
    );
    await world.ask(half);
    await world.until('the candidate is ready', candidateIs(shop.second.digest));
    await world.ask({ kind: 'shift', weight: 50 }, { step: 1 });
    await world.until('it is in force', weightIs(50));
    expect(await copies(deployment)).toBe(4);
    expect(await copies(`${deployment}-candidate`)).toBe(4);
    await world.ask({ kind: 'promote' }, { step: 2 });
    await world.until('it is promoted', stableIs(shop.second.digest));
    expect(await copies(deployment)).toBe(4);
  });

  it('a fresh baseline is as large as the candidate, and goes with it', async () => {
    world = await kubernetesWorld({ traffic: 'gateway', replicas: 4, service: { baseline: true } });
    await world.ask(half);
    await world.until('the candidate is ready', candidateIs(shop.second.digest));
    const baseline = `${deployment}-baseline`;
    await expect
      .poll(() => world.read(baseline), { timeout: 15_000 })
      .toMatchObject({
        spec: {
          replicas: 2,
          template: {
            spec: { containers: [{ image: `registry.example/shop@${shop.first.digest}` }] },
          },
        },
      });
    await world.ask({ kind: 'retire' }, { step: 1 });
    await expect
      .poll(() => world.read(baseline), { timeout: 15_000 })
      .toMatchObject({ reason: 'NotFound' });
  });

  it('a weight is measured in traffic before it counts', async () => {
    let seen = { candidate: 10, total: 100 };
    world = await kubernetesWorld({ traffic: 'gateway', measure: async () => seen });
    await world.ask(half);
    await world.until('the candidate is ready', candidateIs(shop.second.digest));
    await world.ask({ kind: 'shift', weight: 50 }, { step: 1 });
    const early = await world.until('it is written', ({ weight }) => weight === 50);
    expect(early.weightProof).toBe('pending');
    seen = { candidate: 52, total: 100 };
    expect((await world.until('it is seen', weightIs(50))).weightProof).toBe('measured');
  });
});

describe.skipIf(!requireKubernetes())('one release after the other at a real API server', () => {
  const site = createServer((_, response) => response.end('v2 is here'));
  let world: KubernetesWorld;
  beforeAll(async () => {
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    const address = site.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const smoke = { kind: 'http', url: `http://127.0.0.1:${port}/`, deadline: '1s' };
    const jobs = {
      migrate: { kind: 'job', command: ['false'] },
      second: { ...smoke, contains: 'v2 is here' },
      third: { ...smoke, contains: 'v3 is here' },
    };
    world = await kubernetesWorld({ service: { jobs } });
  });
  afterAll(async () => {
    await world.close();
    site.close();
  });

  it('a job that fails is told with its reason', async () => {
    await world.ask({ kind: 'run', job: 'migrate', artifact: shop.second });
    const status = await world.until('it has failed', (it) => it.jobs['migrate'] === 'failed');
    expect(status.problems).toEqual([
      { code: 'job_failed', text: expect.stringMatching(/^migrate: /) },
    ]);
  });

  it.each([
    ['second', 'succeeded'],
    ['third', 'failed'],
  ])('a smoke check over HTTP for the %s version has %s', async (job, state) => {
    const rollout = `checked-by-${job}`;
    await world.ask({ kind: 'run', job, artifact: shop.second }, { rollout });
    const status = await world.until('it has ended', (it) => it.jobs[job] !== 'running');
    expect(status.jobs).toEqual({ [job]: state });
    expect(status.problems.map(({ code }) => code)).toEqual(
      state === 'failed' ? ['job_failed'] : [],
    );
  });

  it('credentials come from a program, too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'signalbox-exec-'));
    const program = join(folder, 'credentials');
    const answer = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token },
    };
    writeFileSync(program, `#!/bin/sh\necho '${JSON.stringify(answer)}'\n`);
    chmodSync(program, 0o755);
    const kubeconfig = join(folder, 'kubeconfig');
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: program,
      interactiveMode: 'Never',
    };
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'eu',
        contexts: [{ name: 'eu', context: { cluster: 'eu', user: 'eu' } }],
        clusters: [
          {
            name: 'eu',
            cluster: { server: world.cluster.url, 'insecure-skip-tls-verify': true },
          },
        ],
        users: [{ name: 'eu', user: { exec } }],
      }),
    );
    await world.restart(kubeconfig);
    await world.until('stable is ready', stableIs(shop.first.digest));
  });
});
