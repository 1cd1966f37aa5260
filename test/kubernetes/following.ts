import { type ClientHttp2Session, connect } from 'node:http2';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { token } from './cluster.ts';
import type { SharedCluster } from './shared-cluster.ts';

const Told = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED']),
  object: z.looseObject({ metadata: z.looseObject({ name: z.string() }) }),
});
type Followed = z.infer<typeof Told>['object'];

/** What is in a namespace, as the API server tells it: nobody has to ask again and again. */
export interface Following {
  /** Objects of a collection as they were last told. */
  objects(collection: string): readonly Followed[];
  /**
   * Settles when something has changed since the last time it did, or after `longestMs`. Changes
   * that come in one burst count once.
   */
  change(longestMs: number): Promise<void>;
  close(): void;
}

const burstMs = 100;

const releases = [
  'apis/apps/v1/deployments',
  'apis/batch/v1/jobs',
  'apis/gateway.networking.k8s.io/v1/httproutes',
  'api/v1/pods',
];

/** Follows whatever a release changes in the namespace. */
export function changesAt(cluster: SharedCluster): Following {
  return follow(cluster, releases);
}

/** Follows collections of a cluster's namespace, as `apis/apps/v1/deployments`. */
export function follow(cluster: SharedCluster, collections: readonly string[]): Following {
  const session = connect(cluster.url, { rejectUnauthorized: false });
  session.on('error', () => {});
  session.unref();
  const known = new Map(collections.map((one) => [one, new Map<string, Followed>()]));
  let isClosed = false;
  let isChanged = true;
  let wake = (): void => {};

  function take(collection: string, line: string): void {
    const { type, object } = Told.parse(JSON.parse(line));
    const objects = known.get(collection);
    if (type === 'DELETED') objects?.delete(object.metadata.name);
    else objects?.set(object.metadata.name, object);
    isChanged = true;
    wake();
  }

  async function keepUp(collection: string): Promise<void> {
    while (!isClosed && !session.destroyed) {
      // Without a version it begins with all that is there.
      known.get(collection)?.clear();
      await lines(session, watchPath(cluster, collection), (line) => take(collection, line));
      if (!isClosed) await pause(burstMs);
    }
  }
  for (const collection of collections) void keepUp(collection);

  return {
    objects: (collection) => [...(known.get(collection)?.values() ?? [])],
    async change(longestMs) {
      await pause(burstMs);
      if (!isChanged) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, longestMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      isChanged = false;
    },
    close() {
      isClosed = true;
      session.destroy();
      wake();
    },
  };
}

function watchPath({ namespace }: SharedCluster, collection: string): string {
  const cut = collection.lastIndexOf('/');
  const root = collection.slice(0, cut);
  return `/${root}/namespaces/${namespace}${collection.slice(cut)}?watch=true`;
}

/** Settles when the stream ends, however it does. */
async function lines(
  session: ClientHttp2Session,
  path: string,
  onLine: (line: string) => void,
): Promise<void> {
  const stream = session.request({ ':path': path, authorization: `Bearer ${token}` });
  stream.on('error', () => {});
  for await (const line of createInterface({ input: stream })) onLine(line);
}
