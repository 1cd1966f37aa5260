import { createServer } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type Following, follow } from '../../kubernetes/following.ts';
import type { SharedCluster } from '../../kubernetes/shared-cluster.ts';

const Route = z.looseObject({
  metadata: z.looseObject({ name: z.string(), generation: z.number() }),
  spec: z.looseObject({
    parentRefs: z.array(z.looseObject({ name: z.string() })),
    rules: z.array(
      z.looseObject({
        backendRefs: z.array(z.looseObject({ name: z.string(), weight: z.number().default(1) })),
      }),
    ),
  }),
  status: z.looseObject({ parents: z.array(z.unknown()).default([]) }).prefault({}),
});
type Route = z.infer<typeof Route>;

const Pod = z.looseObject({
  metadata: z.looseObject({
    labels: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.looseObject({ containers: z.array(z.looseObject({ image: z.string() })) }),
  status: z.looseObject({
    conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).default([]),
  }),
});

const Service = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({ selector: z.record(z.string(), z.string()).default({}) }),
});

/** How a pod answers: by the image that it runs. */
export type Answer = (image: string) => { readonly status: number; readonly delayMs: number };

/** A gateway that honours the weights of HTTPRoutes and writes their status. */
export interface Gateway {
  readonly url: string;
  /** Stops looking at routes and writing their status, as a controller that is down. */
  hold(): void;
  release(): void;
  /** Requests answered so far by the Service that they were sent to. */
  served(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

const controllerName = 'example.com/gateway-of-the-tests';
const collections = {
  routes: 'apis/gateway.networking.k8s.io/v1/httproutes',
  services: 'api/v1/services',
  pods: 'api/v1/pods',
} as const;

/**
 * Starts the gateway of one namespace: what it does not know of a route it answers with 503. Its
 * `/metrics` count requests by Service, image and status.
 */
export async function startGateway(
  cluster: SharedCluster,
  answer: Answer = () => ({ status: 200, delayMs: 0 }),
): Promise<Gateway> {
  const root = `/apis/gateway.networking.k8s.io/v1/namespaces/${cluster.namespace}/httproutes`;
  const following = follow(cluster, Object.values(collections));
  const counts = new Map<string, number>();
  const served = new Map<string, number>();
  let backends: Route['spec']['rules'][number]['backendRefs'] = [];
  let pods = new Map<string, readonly string[]>();
  let isHeld = false;
  let isClosed = false;
  let tick = 0;

  async function look(): Promise<void> {
    for (const route of z.array(Route).parse(following.objects(collections.routes))) {
      const refs = route.spec.rules.flatMap((rule) => rule.backendRefs);
      const found = new Map<string, readonly string[]>();
      for (const { name } of refs) {
        const images = imagesBehind(following, name);
        if (images !== null) found.set(name, images);
      }
      await accept(
        route,
        refs.every(({ name }) => found.has(name)),
      );
      backends = refs;
      pods = found;
    }
  }

  async function accept(route: Route, isResolved: boolean): Promise<void> {
    const condition = (type: string, isTrue: boolean) => ({
      type,
      status: isTrue ? 'True' : 'False',
      reason: isTrue ? type : 'BackendNotFound',
      message: '',
      observedGeneration: route.metadata.generation,
      lastTransitionTime: '2026-01-01T00:00:00Z',
    });
    const parents = route.spec.parentRefs.map((parentRef) => ({
      parentRef,
      controllerName,
      conditions: [condition('Accepted', true), condition('ResolvedRefs', isResolved)],
    }));
    if (isDeepStrictEqual(parents, route.status.parents)) return;
    const path = `${root}/${route.metadata.name}/status`;
    await cluster.ask('PATCH', path, { status: { parents } }, 'application/merge-patch+json');
  }

  /** Low-discrepancy choice: the split is exact over every hundred requests. */
  function choose(): string | null {
    const sum = backends.reduce((total, { weight }) => total + weight, 0);
    if (sum === 0) return null;
    tick = (tick + 0.618_033_988_75) % 1;
    let left = tick * sum;
    for (const { name, weight } of backends) {
      left -= weight;
      if (left < 0) return name;
    }
    return null;
  }

  const server = createServer((request, response) => {
    if (request.url === '/metrics') {
      const lines = [...counts].map(
        ([labels, count]) => `gateway_requests_total{${labels}} ${count}`,
      );
      response.end(`# TYPE gateway_requests_total counter\n${lines.join('\n')}\n`);
      return;
    }
    const service = choose();
    const images = service === null ? [] : (pods.get(service) ?? []);
    const image = images[Math.floor(Math.random() * images.length)];
    const { status, delayMs } = image === undefined ? { status: 503, delayMs: 0 } : answer(image);
    const labels = `service="${service ?? ''}",image="${image ?? ''}",code="${status}"`;
    counts.set(labels, (counts.get(labels) ?? 0) + 1);
    if (service !== null) served.set(service, (served.get(service) ?? 0) + 1);
    setTimeout(() => response.writeHead(status).end(image ?? ''), delayMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The gateway has no port');

  async function loop(): Promise<void> {
    while (!isClosed) {
      // The API server may be away for a while: that is part of some tests.
      if (!isHeld) await look().catch(() => {});
      await following.change(isHeld ? 50 : 1000);
    }
  }
  const looking = loop();

  return {
    url: `http://127.0.0.1:${address.port}`,
    hold() {
      isHeld = true;
    },
    release() {
      isHeld = false;
    },
    served: () => Object.fromEntries(served),
    async close() {
      isClosed = true;
      following.close();
      await looking;
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Images of the ready pods that a Service selects; null when there is no such Service. */
function imagesBehind(following: Following, name: string): readonly string[] | null {
  const services = z.array(Service).parse(following.objects(collections.services));
  const service = services.find(({ metadata }) => metadata.name === name);
  if (service === undefined) return null;
  const selector = Object.entries(service.spec.selector);
  return z
    .array(Pod)
    .parse(following.objects(collections.pods))
    .filter(({ metadata }) => selector.every(([key, value]) => metadata.labels[key] === value))
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .filter(({ status: { conditions } }) =>
      conditions.some((one) => one.type === 'Ready' && one.status === 'True'),
    )
    .map(({ spec }) => spec.containers[0]?.image ?? '');
}
