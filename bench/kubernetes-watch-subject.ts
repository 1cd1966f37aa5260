/**
 * One way to follow Deployments, in a process of its own: `lean`, `informer` or `poll`. Told by
 * messages: `begin` starts the measurement, `end` answers with what it cost and saw.
 */
import { readFileSync } from 'node:fs';
import { AppsV1Api, KubeConfig, makeInformer } from '@kubernetes/client-node';
import { openConnection } from '#adapters/kubernetes/connection.ts';
import { createTransport } from '#adapters/kubernetes/transport.ts';
import { startWatch } from '#adapters/kubernetes/watch.ts';

const [mode = 'lean', file = '', namespace = ''] = process.argv.slice(2);
const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
let seen = 0;
let objects = 0;
let heapBefore = 0;
let cpuBefore = process.cpuUsage();

function heap(): number {
  for (let round = 0; round < 4; round += 1) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

async function follow(): Promise<void> {
  if (mode === 'lean') {
    const transport = createTransport(openConnection({ kind: 'kubeconfig', file }));
    heapBefore = heap();
    const watch = startWatch({
      transport,
      path,
      onChange: () => {
        seen += 1;
      },
      jitter: Math.random,
    });
    setInterval(() => {
      objects = watch.counts().objects;
    }, 100);
    return;
  }
  const config = new KubeConfig();
  config.loadFromString(readFileSync(file, 'utf8'));
  const api = config.makeApiClient(AppsV1Api);
  heapBefore = heap();
  const list = () => api.listNamespacedDeployment({ namespace });
  if (mode === 'informer') {
    const informer = makeInformer(config, path, list);
    for (const event of ['add', 'update', 'delete'] as const) {
      informer.on(event, () => {
        seen += 1;
      });
    }
    await informer.start();
    setInterval(() => {
      objects = informer.list().length;
    }, 100);
    return;
  }
  const known = new Map<string, string>();
  for (;;) {
    const { items } = await list();
    for (const { metadata } of items) {
      const { name = '', resourceVersion = '' } = metadata ?? {};
      if (known.get(name) !== resourceVersion) seen += 1;
      known.set(name, resourceVersion);
    }
    objects = known.size;
    process.send?.({ objects });
    await new Promise((resolve) => setTimeout(resolve, 5000));
  }
}

process.on('message', (told) => {
  if (told === 'count') process.send?.({ objects });
  if (told === 'begin') {
    seen = 0;
    const kept = heap() - heapBefore;
    cpuBefore = process.cpuUsage();
    process.send?.({ kept });
  }
  if (told === 'end') {
    const { user, system } = process.cpuUsage(cpuBefore);
    process.send?.({ cpuMs: (user + system) / 1000, seen });
  }
});
await follow();
