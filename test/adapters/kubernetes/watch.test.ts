import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openConnection } from '#adapters/kubernetes/connection.ts';
import { createTransport, type Transport } from '#adapters/kubernetes/transport.ts';
import { startWatch, type Watch } from '#adapters/kubernetes/watch.ts';
import { token } from '../../kubernetes/cluster.ts';
import { type Nemesis, startNemesis } from '../../kubernetes/nemesis.ts';
import { freshNamespace, type SharedCluster } from '../../kubernetes/shared-cluster.ts';
import { requireKubernetes } from '../../kubernetes/tools.ts';

/** The machine may be busy with other tests. */
const patience = { timeout: 15_000 };

describe.skipIf(!requireKubernetes())('a watch', () => {
  let cluster: SharedCluster;
  let nemesis: Nemesis;
  let transport: Transport;
  let watch: Watch;
  let told: string[];
  let collection: string;

  beforeEach(async () => {
    cluster = await freshNamespace();
    collection = `/api/v1/namespaces/${cluster.namespace}/configmaps`;
    nemesis = await startNemesis(cluster.url, token);
    transport = createTransport(openConnection({ kind: 'kubeconfig', file: nemesis.kubeconfig }));
    told = [];
    await create('first');
  });
  afterEach(async () => {
    await watch.close();
    transport.close();
    await nemesis.close();
  });

  async function create(name: string): Promise<void> {
    await cluster.ask('POST', collection, { metadata: { name, labels: { ours: 'yes' } } });
  }

  async function change(name: string, value: string): Promise<void> {
    const body = { data: { value } };
    await cluster.ask('PATCH', `${collection}/${name}`, body, 'application/merge-patch+json');
  }

  async function begin(): Promise<void> {
    watch = startWatch({
      transport,
      path: collection,
      labelSelector: 'ours',
      onChange: ({ type, name }) => told.push(`${type} ${name}`),
      jitter: () => 0,
    });
    await expect.poll(() => told, patience).toEqual(['added first']);
  }

  const streams = (): number =>
    nemesis.requests().filter((one) => one.includes('watch=true')).length;

  it('tells every change, in order', async () => {
    await begin();
    await create('second');
    await change('first', '1');
    await cluster.ask('DELETE', `${collection}/second`);
    await expect
      .poll(() => told.slice(1), patience)
      .toEqual(['added second', 'changed first', 'removed second']);
    expect(watch.counts()).toEqual({ objects: 1, lists: 1 });
  });

  it('takes up again where a connection was cut, without listing', async () => {
    await begin();
    await expect.poll(streams, patience).toBe(1);
    for (let round = 1; round <= 3; round += 1) {
      nemesis.cut();
      await change('first', `during the cut ${round}`);
      await expect.poll(() => told.length, patience).toBe(1 + round);
    }
    expect(watch.counts().lists).toBe(1);
  });

  const expired = JSON.stringify({
    type: 'ERROR',
    object: { kind: 'Status', apiVersion: 'v1', code: 410, reason: 'Expired' },
  });

  it.each([
    ['as an answer', { kind: 'answer', status: 410 }],
    ['as an event', { kind: 'answer', status: 200, body: expired }],
  ] as const)('lists once after 410 %s, and tells only what differs', async (_name, trouble) => {
    await begin();
    await expect.poll(streams, patience).toBe(1);
    const isWatch = (_method: string, path: string): boolean => path.includes('watch=true');
    nemesis.trouble(isWatch, trouble, 1);
    nemesis.cut();
    await create('second');
    await expect.poll(() => told.slice(1), patience).toEqual(['added second']);
    expect(watch.counts()).toEqual({ objects: 2, lists: 2 });
  });

  it('outlives an API server that is away', async () => {
    await begin();
    nemesis.trouble(() => true, { kind: 'answer', status: 503 });
    nemesis.cut();
    await cluster.ask('DELETE', `${collection}/first`);
    await expect.poll(() => nemesis.requests().length, patience).toBeGreaterThan(3);
    nemesis.calm();
    await expect.poll(() => told.slice(1), patience).toEqual(['removed first']);
    expect(watch.counts().objects).toBe(0);
  });
});
