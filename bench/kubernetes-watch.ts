/**
 * Following Deployments on a real API server while ten of them change each second: our watch, the
 * client's informer, and a list every five seconds, at 1,000 and at 5,000 objects. Exits with 1 when
 * a promise is broken: CPU at 5,000 at most 1.2 times that at 1,000, at most 1 kB of heap an
 * object, every change seen.
 *
 *   node bench/kubernetes-watch.ts
 */
import { type ChildProcess, fork } from 'node:child_process';
import { on } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { askApi, startCluster } from '../test/kubernetes/cluster.ts';

const sizes = [1000, 5000] as const;
const modes = ['lean', 'informer', 'poll'] as const;
const perSecond = 10;
const seconds = 8;
/** What runs the first time is compiled first: that is no cost of following. */
const warmUpSeconds = 3;
/** Of our watch, whose promise is checked; the others are shown beside it, once. */
const rounds = 3;
const promised = { growth: 1.2, heap: 1024 } as const;

interface Cost {
  readonly cpuMsPerSecond: number;
  readonly heapPerObject: number;
  readonly seenShare: number;
}

const cluster = await startCluster({ controllers: false });
const padding = 'x'.repeat(3000);

async function fill(namespace: string, from: number, to: number): Promise<void> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  for (let first = from; first < to; first += 50) {
    await Promise.all(
      Array.from({ length: Math.min(50, to - first) }, (_, index) =>
        askApi(cluster.url, 'POST', path, {
          metadata: { name: `d-${first + index}`, annotations: { padding } },
          spec: {
            replicas: 0,
            paused: true,
            selector: { matchLabels: { app: 'a' } },
            template: {
              metadata: { labels: { app: 'a' } },
              spec: { containers: [{ name: 'a', image: 'a' }] },
            },
          },
        }),
      ),
    );
  }
}

const Told = z.looseObject({
  objects: z.number().optional(),
  kept: z.number().optional(),
  cpuMs: z.number().optional(),
  seen: z.number().optional(),
});

async function ask(child: ChildProcess, what: string, has: keyof z.infer<typeof Told>) {
  const answers = on(child, 'message');
  child.send(what);
  for await (const [message] of answers) {
    const told = Told.parse(message);
    if (told[has] !== undefined) return told;
  }
  throw new Error('The subject has ended');
}

async function change(namespace: string, size: number, during: number): Promise<number> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  let made = 0;
  const until = performance.now() + during * 1000;
  for (let tick = 0; performance.now() < until; tick += 1) {
    const name = `d-${(tick * 7919) % size}`;
    const body = { metadata: { annotations: { tick: `${tick}-${performance.now()}` } } };
    await askApi(cluster.url, 'PATCH', `${path}/${name}`, body, 'application/merge-patch+json');
    made += 1;
    await new Promise((resolve) => setTimeout(resolve, 1000 / perSecond - 4));
  }
  return made;
}

async function measure(mode: string, namespace: string, size: number): Promise<Cost> {
  const subject = join(import.meta.dirname, 'kubernetes-watch-subject.ts');
  const child = fork(subject, [mode, cluster.kubeconfig, namespace], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  while (((await ask(child, 'count', 'objects')).objects ?? 0) < size) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await change(namespace, size, warmUpSeconds);
  await new Promise((resolve) => setTimeout(resolve, mode === 'poll' ? 5500 : 1000));
  const { kept = 0 } = await ask(child, 'begin', 'kept');
  const begun = performance.now();
  const made = await change(namespace, size, seconds);
  await new Promise((resolve) => setTimeout(resolve, mode === 'poll' ? 5500 : 500));
  const { cpuMs = 0, seen = 0 } = await ask(child, 'end', 'cpuMs');
  const took = (performance.now() - begun) / 1000;
  child.kill('SIGKILL');
  return { cpuMsPerSecond: cpuMs / took, heapPerObject: kept / size, seenShare: seen / made };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const results = new Map<string, Cost[]>();
try {
  for (const size of sizes) {
    const namespace = `n-${size}`;
    await askApi(cluster.url, 'POST', '/api/v1/namespaces', { metadata: { name: namespace } });
    await fill(namespace, 0, size);
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const mode of round === 0 ? modes : modes.slice(0, 1)) {
      for (const size of sizes) {
        const key = `${mode} ${size}`;
        results.set(key, [...(results.get(key) ?? []), await measure(mode, `n-${size}`, size)]);
      }
    }
  }
} finally {
  await cluster.stop();
}

const of = (key: string, what: keyof Cost): number =>
  median((results.get(key) ?? []).map((cost) => cost[what]));
console.log('| followed by | objects | CPU ms/s | heap an object | changes seen |');
console.log('| --- | --- | --- | --- | --- |');
for (const key of results.keys()) {
  const [mode, size] = key.split(' ');
  console.log(
    `| ${mode} | ${size} | ${of(key, 'cpuMsPerSecond').toFixed(1)} | ${Math.round(of(key, 'heapPerObject'))} B | ${(100 * of(key, 'seenShare')).toFixed(1)} % |`,
  );
}
const growth = of('lean 5000', 'cpuMsPerSecond') / of('lean 1000', 'cpuMsPerSecond');
console.log(`\nCPU of our watch at 5,000 beside 1,000: ${growth.toFixed(2)} times`);
const isKept =
  growth <= promised.growth &&
  sizes.every(
    (size) =>
      of(`lean ${size}`, 'heapPerObject') <= promised.heap && of(`lean ${size}`, 'seenShare') === 1,
  );
process.exitCode = isKept ? 0 : 1;
