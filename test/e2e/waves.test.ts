import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { readRollout } from '#app/rollout/trust-boundary.ts';
import { type Running, start } from '#boot/start.ts';
import { loadConfiguration } from '#config.ts';
import { standing } from '#core/cards/standing.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { targetsKept } from '#core/rollout/way-back.ts';
import { freshDatabase } from '../fresh-database.ts';
import { askApi, type RunningCluster, startCluster, token } from '../kubernetes/cluster.ts';
import { freshNamespace, type SharedCluster } from '../kubernetes/shared-cluster.ts';
import { applyShop, shopArtifact } from '../kubernetes/shop.ts';
import { requireKubernetes } from '../kubernetes/tools.ts';
import { manifestOf, type RegistryPeer, startRegistryPeer } from '../peers/registry/registry.ts';
import { freePort, requireServer } from '../servers.ts';

const people = {
  ada: 'sbx_ada0123456789abcdefghij',
  grace: 'sbx_grace0123456789abcdef',
} as const;
const images = { v1: manifestOf('the first'), v2: manifestOf('second'), v3: manifestOf('third') };
const Shop = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({ containers: z.array(z.object({ image: z.string() })) }),
    }),
  }),
});

const hasServers = [requireKubernetes(), requireServer('postgres')].every(Boolean);

describe.skipIf(!hasServers)('waves over two clusters', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-waves-'));
  let eu: SharedCluster;
  let us: SharedCluster;
  let second: RunningCluster;
  let registry: RegistryPeer;
  let running: Running;
  let commands = 0;

  beforeAll(async () => {
    [eu, second] = await Promise.all([freshNamespace(), startCluster({ routes: false })]);
    const { url, kubeconfig } = second;
    const { namespace } = eu;
    us = { url, kubeconfig, namespace, ask: (...asked) => askApi(url, ...asked) };
    await us.ask('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
    const artifact = { ...shopArtifact('v1', '0'), digest: images.v1.digest };
    await Promise.all([eu, us].map((cluster) => applyShop(cluster, { artifact, replicas: 2 })));
    registry = await startRegistryPeer();
    for (const [tag, { said, digest }] of Object.entries(images)) {
      const headers = { ...said.headers, 'docker-content-digest': digest };
      for (const name of [tag, digest]) {
        registry.answer(`/v2/shop/manifests/${name}`, { ...said, headers });
      }
    }
    running = await startSignalbox();
  }, 90_000);

  afterAll(async () => {
    await running.stop();
    await Promise.all([second.stop(), registry.close()]);
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);

  /** One kubeconfig with a context for each cluster. */
  function kubeconfig(): string {
    const clusters = { eu, us };
    const file = join(folder, 'kubeconfig');
    const names = ['eu', 'us'] as const;
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      contexts: names.map((name) => ({ name, context: { cluster: name, user: 'admin' } })),
      clusters: names.map((name) => ({
        name,
        cluster: { server: clusters[name].url, 'insecure-skip-tls-verify': true },
      })),
      users: [{ name: 'admin', user: { token } }],
    };
    writeFileSync(file, JSON.stringify(config));
    return file;
  }

  async function startSignalbox(): Promise<Running> {
    const example = new URL('../../examples/kubernetes.yaml', import.meta.url).pathname;
    const settings = parse(readFileSync(example, 'utf8'));
    const file = kubeconfig();
    const target = (context: string) => ({
      adapter: 'kubernetes',
      options: { access: { kind: 'kubeconfig', file, context }, namespace: eu.namespace },
    });
    settings.targets = { eu: target('eu'), us: target('us') };
    settings.services.shop.jobs = [];
    settings.services.shop.environments.production.waves = [['eu'], ['us']];
    settings.registries.images.options.url = registry.url;
    settings.environments.production.analysis = undefined;
    settings.environments.production.rollbackCountdown = '0s';
    settings.strategies.careful = {
      kind: 'waves',
      options: { first: [{ weight: 50, for: '2s' }], soak: '1s', onFailure: 'wave' },
    };
    settings.analyses = undefined;
    settings.metrics = undefined;
    writeFileSync(join(folder, 'signalbox.yaml'), stringify(settings));
    const tokens = Object.entries(people).map(
      ([user, secret]) => `${user}:${createHash('sha256').update(secret).digest('hex')}`,
    );
    const loaded = loadConfiguration({
      folder,
      variables: {
        DATABASE_URL: await freshDatabase(),
        SIGNALBOX_DATA: join(folder, 'data'),
        SIGNALBOX_PORT: String(await freePort()),
        SIGNALBOX_LOG: 'silent',
        SIGNALBOX_API_TOKENS: tokens.join('\n'),
      },
    });
    if (!loaded.ok) throw new Error(loaded.report);
    return start(loaded.value, { serve: true, work: true });
  }

  async function say(user: keyof typeof people, text: string): Promise<void> {
    commands += 1;
    const answer = await fetch(`${running.url}/api/commands`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${people[user]}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        id: `command-${commands}`,
        channel: 'releases',
        text: `/release ${text}`,
      }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }

  async function until(holds: (state: RolloutState) => boolean): Promise<RolloutState> {
    const { store } = running.core.world;
    let last: RolloutState | undefined;
    for (let round = 0; round < 400; round += 1) {
      const records = await store.transact((tx) => tx.streams({ kind: 'rollout' }));
      const states = records.map(({ row }) => readRollout(row.state));
      last = states.toSorted((a, b) => b.requestedAt - a.requestedAt)[0];
      if (last !== undefined && holds(last)) return last;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    throw new Error(JSON.stringify({ ...last, plan: null }));
  }

  async function release(version: string): Promise<void> {
    await say('ada', `deploy shop ${version} to production`);
    const planned = ({ artifact, phase, gates }: RolloutState): boolean =>
      artifact.version === version && phase === 'waiting' && gates !== null;
    await until(planned);
    await say('grace', 'approve shop');
  }

  async function runsIn(cluster: SharedCluster): Promise<string> {
    const path = `/apis/apps/v1/namespaces/${cluster.namespace}/deployments/shop`;
    const { spec } = Shop.parse((await cluster.ask('GET', path)).body);
    return spec.template.spec.containers[0]?.image ?? '';
  }

  /** What somebody does by hand to the template of the first cluster, or takes back. */
  async function annotate(note: string | null): Promise<void> {
    const path = `/apis/apps/v1/namespaces/${eu.namespace}/deployments/shop`;
    const change = { spec: { template: { metadata: { annotations: { note } } } } };
    const type = 'application/merge-patch+json';
    const { status } = await eu.ask('PATCH', `${path}?fieldManager=kubectl-edit`, change, type);
    expect(status).toBe(200);
  }

  const image = (version: keyof typeof images): string =>
    `registry.example/shop@${images[version].digest}`;
  const waveOf = ({ plan, step }: RolloutState): number => plan?.steps[step]?.wave ?? -1;

  it('waits for an API server that is away in the middle, and goes on', async () => {
    await release('v2');
    // Not sooner than it must be away: whatever works there waits longer and longer for it.
    const isAhead = ({ plan, step }: RolloutState): boolean =>
      ['promote', 'retire'].includes(plan?.steps[step]?.kind ?? '');
    await until((state) => isAhead(state) || waveOf(state) === 1);
    await second.stopApiServer();
    const { outage } = await until(
      (state) => waveOf(state) === 1 && (state.outage ?? null) !== null,
    );
    expect(outage).toMatchObject({ of: 'target', name: 'us' });
    expect(await runsIn(eu)).toBe(image('v2'));
    await second.startApiServer();
    const done = await until(({ phase }) => phase === 'succeeded');
    expect(await runsIn(us)).toBe(image('v2'));
    const [first, last] = done.plan?.targets.map(({ identity }) => identity) ?? [];
    expect(first).not.toBe(last);
    expect(done.plan).toMatchObject({ onFailure: 'wave' });
  }, 90_000);

  it('pauses while a stage bakes when somebody changes what it releases', async () => {
    await release('v3');
    const kindOf = ({ plan, step, steps }: RolloutState): string | undefined =>
      steps[step]?.state === 'running' ? plan?.steps[step]?.kind : undefined;
    const bake = await until((state) => kindOf(state) === 'bake');
    await annotate('changed by hand');
    const { phase, pause, step } = await until((state) => state.phase !== 'progressing');
    expect({ phase, reason: pause?.reason, step }).toEqual({
      phase: 'paused',
      reason: 'drift',
      step: bake.step,
    });
    expect(pause?.detail).toMatch(/^eu: The pod template of shop changed .*kubectl-edit/);
  }, 60_000);

  it('takes back the wave that fails, and knows what stays', async () => {
    await us.ask('POST', `/api/v1/namespaces/${us.namespace}/resourcequotas`, {
      metadata: { name: 'full' },
      spec: { hard: { pods: '2' } },
    });
    await annotate(null);
    await say('ada', 'resume shop because it is as it was');
    const back = await until(({ phase }) => phase === 'rolled_back');
    expect(back.abort?.cause.detail).toContain('quota');
    expect([await runsIn(eu), await runsIn(us)]).toEqual([image('v3'), image('v2')]);
    expect(targetsKept(back)).toEqual(['eu']);
    expect(standing(back)).toBe('Rolled back to v2, but eu keeps v3');
  }, 90_000);
});
