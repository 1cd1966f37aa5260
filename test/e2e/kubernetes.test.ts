import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { readRollout } from '#app/rollout/trust-boundary.ts';
import { type Running, start } from '#boot/start.ts';
import { loadConfiguration } from '#config.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { freshDatabase } from '../fresh-database.ts';
import { freshNamespace, type SharedCluster } from '../kubernetes/shared-cluster.ts';
import { applyServices, applyShop, shopArtifact } from '../kubernetes/shop.ts';
import { requireKubernetes } from '../kubernetes/tools.ts';
import { type Gateway, startGateway } from '../peers/gateway/gateway.ts';
import { manifestOf, type RegistryPeer, startRegistryPeer } from '../peers/registry/registry.ts';
import { freePort, type RunningServer, requireServer, startPrometheus } from '../servers.ts';

const people = {
  ada: 'sbx_ada0123456789abcdefghij',
  grace: 'sbx_grace0123456789abcdef',
  linus: 'sbx_linus0123456789abcdef',
} as const;
const requestsPerSecond = 60;

/** An image whose digest begins with `dead`: its containers crash in the cluster of the tests. */
function crashing(): ReturnType<typeof manifestOf> {
  // The first one of the manifests as they are now.
  for (let attempt = 65_454; attempt < 2_000_000; attempt += 1) {
    const made = manifestOf(`crashes ${attempt}`);
    if (made.digest.startsWith('sha256:dead')) return made;
  }
  throw new Error('No such digest was found');
}

const images = {
  v1: manifestOf('the first'),
  v2: manifestOf('fine'),
  v3: manifestOf('answers with errors'),
  v4: crashing(),
};

const hasServers = [
  requireKubernetes(),
  requireServer('prometheus'),
  requireServer('postgres'),
].every(Boolean);

describe.skipIf(!hasServers)(
  'from a chat command to the cluster, as docs/kubernetes.md walks',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'signalbox-e2e-'));
    let cluster: SharedCluster;
    let gateway: Gateway;
    let prometheus: RunningServer;
    let registry: RegistryPeer;
    let running: Running;
    let visitors: NodeJS.Timeout;
    let commands = 0;
    const lastReply = '';

    beforeAll(async () => {
      cluster = await freshNamespace();
      const first = { ...shopArtifact('v1', '0'), digest: images.v1.digest };
      await applyShop(cluster, { artifact: first, replicas: 2 });
      await applyServices(cluster, true);
      gateway = await startGateway(cluster, (image) => ({
        status: image.endsWith(images.v3.digest) && Math.random() < 0.3 ? 500 : 200,
        delayMs: 1,
      }));
      const agent = new Agent({ keepAlive: true });
      visitors = setInterval(() => {
        get(gateway.url, { agent }, (answer) => answer.resume()).on('error', () => {});
      }, 1000 / requestsPerSecond);
      registry = await startRegistryPeer();
      for (const [tag, { said, digest }] of Object.entries(images)) {
        const headers = { ...said.headers, 'docker-content-digest': digest };
        for (const name of [tag, digest]) {
          registry.answer(`/v2/shop/manifests/${name}`, { ...said, headers });
        }
      }
      prometheus = await startPrometheus({
        scrapeEvery: '1s',
        targets: [{ address: new URL(gateway.url).host }],
      });
      running = await startSignalbox();
    }, 60_000);

    afterAll(async () => {
      clearInterval(visitors);
      await running.stop();
      await prometheus.stop();
      await registry.close();
      await gateway.close();
      rmSync(folder, { recursive: true, force: true });
    }, 30_000);

    async function startSignalbox(): Promise<Running> {
      const example = new URL('../../examples/kubernetes.yaml', import.meta.url).pathname;
      const settings = parse(readFileSync(example, 'utf8'));
      settings.targets.production.options = {
        ...settings.targets.production.options,
        access: { kind: 'kubeconfig', file: cluster.kubeconfig },
        namespace: cluster.namespace,
        settle: '8s',
      };
      settings.registries.images.options.url = registry.url;
      settings.metrics.prometheus.options = { url: prometheus.url, settle: '1s' };
      settings.strategies.careful.options.stages = [{ weight: 50, for: '6s' }];
      settings.strategies.careful.options.keep = '0s';
      settings.environments.production.rollbackCountdown = '1s';
      settings.analyses.web.every = '2s';
      settings.analyses.web.minimum = { points: 3, requests: 60 };
      const counted = 'gateway_requests_total{image=~".*@{{digest}}"';
      settings.analyses.web.metrics[0].query = {
        bad: `sum(increase(${counted},code=~"5.."}[{{window}}]))`,
        total: `sum(increase(${counted}}[{{window}}]))`,
      };
      writeFileSync(join(folder, 'signalbox.yaml'), stringify(settings));
      const tokens = Object.entries(people).map(
        ([user, token]) => `${user}:${createHash('sha256').update(token).digest('hex')}`,
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

    async function say(user: keyof typeof people, text: string): Promise<string> {
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
      const said = await answer.text();
      if (!answer.ok) throw new Error(said);
      return said;
    }

    async function newest(): Promise<RolloutState | null> {
      const { store } = running.core.world;
      const records = await store.transact((tx) => tx.streams({ kind: 'rollout' }));
      const states = records.map(({ row }) => readRollout(row.state));
      return states.toSorted((a, b) => b.requestedAt - a.requestedAt)[0] ?? null;
    }

    async function until(
      holds: (state: RolloutState) => boolean,
      seconds: number,
    ): Promise<RolloutState> {
      let last: RolloutState | null = null;
      for (let round = 0; round < seconds * 5; round += 1) {
        last = await newest();
        if (last !== null && holds(last)) return last;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      const told = last === null ? lastReply : { ...last, plan: null, looks: last.looks.slice(-1) };
      throw new Error(JSON.stringify(told));
    }

    /** Everything that was said in the channel and its threads. */
    async function thread(): Promise<string> {
      const answer = await fetch(`${running.url}/api/messages?channel=releases`, {
        headers: { authorization: `Bearer ${people.ada}` },
      });
      return answer.text();
    }

    async function deployed(): Promise<unknown> {
      const path = `/apis/apps/v1/namespaces/${cluster.namespace}/deployments`;
      const List = z.object({
        items: z.array(
          z.object({
            metadata: z.object({ name: z.string() }),
            spec: z.object({
              template: z.object({
                spec: z.object({ containers: z.array(z.object({ image: z.string() })) }),
              }),
            }),
          }),
        ),
      });
      const { body } = await cluster.ask('GET', path);
      return Object.fromEntries(
        List.parse(body).items.map(({ metadata, spec }) => [
          metadata.name,
          spec.template.spec.containers[0]?.image,
        ]),
      );
    }

    async function release(version: string): Promise<void> {
      await say('ada', `deploy shop ${version} to production`);
      await until((state) => state.phase === 'waiting' && state.gates !== null, 20);
      await say('grace', 'approve shop');
    }

    it('promotes a good version, judged by traffic that was really split', async () => {
      await release('v2');
      const done = await until(({ phase }) => phase === 'succeeded', 60);
      expect(await deployed()).toEqual({ shop: `registry.example/shop@${images.v2.digest}` });
      expect(done.looks.length).toBeGreaterThan(1);
      const shifted = done.steps.map(({ note }) => note);
      expect(shifted).toContain('50 % measured');
      const { shop = 0, 'shop-candidate': candidate = 0 } = gateway.served();
      expect(Math.min(shop, candidate)).toBeGreaterThan(100);
    }, 90_000);

    it('takes a version back that answers with errors', async () => {
      await release('v3');
      const back = await until(({ phase }) => phase === 'rolled_back', 60);
      expect(back.abort?.cause.kind).toBe('verdict');
      expect(await deployed()).toEqual({ shop: `registry.example/shop@${images.v2.digest}` });
    }, 90_000);

    it('takes a version back that crashes, before it had traffic, and says why in the thread', async () => {
      // The rollback before has locked the place.
      await say('linus', 'unlock shop in production');
      const served = gateway.served()['shop-candidate'];
      await release('v4');
      const back = await until(({ phase }) => phase === 'rolled_back', 60);
      expect(back.abort?.cause.detail).toContain('crash loop');
      expect(gateway.served()['shop-candidate']).toBe(served);
      expect(await thread()).toContain('cannot reach the database');
    }, 90_000);
  },
);
