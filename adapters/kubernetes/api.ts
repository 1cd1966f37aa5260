import type { z } from 'zod';
import { Fault } from '#core/fault.ts';
import { fieldManager } from './names.ts';
import { Named as Identified, listOf } from './objects.ts';
import type { Transport } from './transport.ts';

/** Where one kind of object lives. */
export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
}

export const kinds = {
  deployment: { apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments' },
  pod: { apiVersion: 'v1', kind: 'Pod', plural: 'pods' },
  service: { apiVersion: 'v1', kind: 'Service', plural: 'services' },
  configMap: { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps' },
  secret: { apiVersion: 'v1', kind: 'Secret', plural: 'secrets' },
  httpRoute: {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    plural: 'httproutes',
  },
  autoscaler: {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    plural: 'horizontalpodautoscalers',
  },
  job: { apiVersion: 'batch/v1', kind: 'Job', plural: 'jobs' },
} as const satisfies Record<string, Kind>;

type Body = Readonly<Record<string, unknown>>;

/** Where a collection of one kind is in a namespace. */
export function collectionPath({ apiVersion, plural }: Kind, namespace: string): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : '/api/v1';
  return `${root}/namespaces/${namespace}/${plural}`;
}

/** The few calls of the Kubernetes API that a release needs, in one namespace. */
export interface Api {
  /** Null when there is none. */
  get<S extends z.ZodType>(kind: Kind, name: string, schema: S): Promise<z.infer<S> | null>;
  list<S extends z.ZodType>(
    kind: Kind,
    schema: S,
    labelSelector?: string,
  ): Promise<readonly z.infer<S>[]>;
  /** Whether there is one; of the object only the metadata are asked. */
  exists(kind: Kind, name: string): Promise<boolean>;
  /** The uid of a namespace; null when there is none. */
  namespaceUid(name: string): Promise<string | null>;
  /** Server-side apply, never forced. */
  apply(kind: Kind, name: string, body: Body, what: string): Promise<void>;
  /** JSON merge patch: for objects that are wholly ours. */
  merge(kind: Kind, name: string, body: Body, what: string): Promise<void>;
  /** Strategic merge patch: for conditions, which merge by their type. */
  strategic(
    kind: Kind,
    name: string,
    body: Body,
    what: string,
    subresource?: string,
  ): Promise<void>;
  /** JSON patch (RFC 6902): for single members of lists that have one owner. */
  edit(kind: Kind, name: string, operations: readonly Body[], what: string): Promise<void>;
  create(kind: Kind, body: Body, what: string): Promise<void>;
  /** Deletes exactly the object that was seen; gone already is fine. */
  remove(kind: Kind, name: string, uid: string, what: string): Promise<void>;
  /** The end of what a container wrote before it ended last. Empty when nobody knows. */
  lastWords(pod: string, container: string): Promise<string>;
}

export function createApi(transport: Transport, namespace: string): Api {
  function pathOf(kind: Kind, name?: string, subresource?: string): string {
    const parts = [collectionPath(kind, namespace), name, subresource];
    return parts.filter((part) => part !== undefined).join('/');
  }

  async function patch(
    kind: Kind,
    name: string,
    body: unknown,
    type: string,
    what: string,
    subresource?: string,
  ): Promise<void> {
    const answer = await transport.ask({
      method: 'PATCH',
      path: pathOf(kind, name, subresource),
      query: { fieldManager },
      body,
      contentType: `application/${type}`,
      what,
    });
    if (answer === null) throw new Fault('target.conflict', `${what}: it is gone.`, gone);
  }

  return {
    async get(kind, name, schema) {
      const what = `Reading ${kind.kind} ${name}`;
      const answer = await transport.ask({ method: 'GET', path: pathOf(kind, name), what });
      return answer === null ? null : read(schema, answer, what);
    },
    async list(kind, schema, labelSelector) {
      const what = `Listing ${kind.plural}`;
      const query = labelSelector === undefined ? {} : { labelSelector };
      const answer = await transport.ask({ method: 'GET', path: pathOf(kind), query, what });
      // The kind is not installed: then there are none.
      return answer === null ? [] : (read(listOf(schema), answer, what).items ?? []);
    },
    async exists(kind, name) {
      const answer = await transport.ask({
        method: 'GET',
        path: pathOf(kind, name),
        accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
        what: `Looking for ${kind.kind} ${name}`,
      });
      return answer !== null;
    },
    async namespaceUid(name) {
      const what = `Reading namespace ${name}`;
      const answer = await transport.ask({
        method: 'GET',
        path: `/api/v1/namespaces/${name}`,
        what,
      });
      return answer === null ? null : read(Identified, answer, what).metadata.uid;
    },
    async apply(kind, name, body, what) {
      const { apiVersion, kind: is } = kind;
      const whole = { apiVersion, kind: is, ...body };
      // YAML is a superset of JSON.
      await patch(kind, name, whole, 'apply-patch+yaml', what);
    },
    merge: (kind, name, body, what) => patch(kind, name, body, 'merge-patch+json', what),
    strategic: (kind, name, body, what, subresource) =>
      patch(kind, name, body, 'strategic-merge-patch+json', what, subresource),
    async edit(kind, name, operations, what) {
      try {
        await patch(kind, name, operations, 'json-patch+json', what);
      } catch (error) {
        // A test that fails is answered like a body that is wrong: somebody was quicker.
        if (!(error instanceof Fault) || error.code !== 'target.rejected') throw error;
        throw new Fault('target.conflict', error.message, { ...gone, cause: error });
      }
    },
    async create(kind, body, what) {
      const { apiVersion, kind: is } = kind;
      await transport.ask({
        method: 'POST',
        path: pathOf(kind),
        query: { fieldManager },
        body: { apiVersion, kind: is, ...body },
        what,
      });
    },
    async remove(kind, name, uid, what) {
      await transport.ask({
        method: 'DELETE',
        path: pathOf(kind, name),
        body: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          preconditions: { uid },
          propagationPolicy: 'Background',
        },
        what,
      });
    },
    async lastWords(pod, container) {
      for (const previous of ['true', 'false']) {
        try {
          const words = await transport.ask({
            method: 'GET',
            path: `${pathOf(kinds.pod, pod)}/log`,
            query: { container, previous, tailLines: '10', limitBytes: '2000' },
            what: `Reading the log of ${pod}`,
          });
          if (words !== null && words.trim() !== '') return words.trim();
        } catch (error) {
          // The log is a courtesy: what is known of the pod is said without it.
          if (!(error instanceof Fault)) throw error;
        }
      }
      return '';
    },
  };
}

const gone = { retryable: true, retryAfterMs: 250 };

function read<S extends z.ZodType>(schema: S, answer: string, what: string): z.infer<S> {
  let value: unknown;
  try {
    value = JSON.parse(answer);
  } catch (cause) {
    throw new Fault('target.unavailable', `${what}: the answer is not whole.`, {
      retryable: true,
      cause,
    });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Fault('target.unavailable', `${what}: the answer is not as expected.`, {
    retryable: false,
    cause: parsed.error,
  });
}
