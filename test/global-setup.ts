import { createServer } from 'node:http';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { inOneFile } from './in-one-file.ts';
import { startCluster } from './kubernetes/cluster.ts';
import { startPostgres } from './servers.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the runner tells the URL of the run's one Postgres server. */
    sharedPostgres: string;
    /** Where it tells URL and kubeconfig of the run's one Kubernetes cluster, as JSON. */
    sharedKubernetes: string;
    /** Where it tells the file that holds the program of the crash tests, with all that it imports. */
    sharedRig: string;
  }
}

/**
 * One Postgres server and one Kubernetes cluster for the whole run, each started when the first
 * test asks for it, so that runs without it do not pay for it. So is the program of the crash tests.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await openDoor(startPostgres, ({ url }) => url);
  const kubernetes = await openDoor(
    () => startCluster(),
    ({ url, kubeconfig }) => JSON.stringify({ url, kubeconfig }),
  );
  const rig = await openDoor(
    () => inOneFile(join(import.meta.dirname, 'crash/rig.ts')),
    ({ path }) => path,
  );
  project.provide('sharedRig', rig.url);
  project.provide('sharedPostgres', postgres.url);
  project.provide('sharedKubernetes', kubernetes.url);
  return async () => {
    await Promise.all([postgres.close(), kubernetes.close(), rig.close()]);
  };
}

/** An address that starts a server when it is first asked, and tells where it is. */
async function openDoor<Server extends { stop(): Promise<void> }>(
  start: () => Promise<Server>,
  tell: (server: Server) => string,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  let started: Promise<Server> | undefined;
  const door = createServer((_, response) => {
    started ??= start();
    started.then(
      (server) => response.end(tell(server)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const address = door.address();
  if (address === null || typeof address === 'string') throw new Error('The door has no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    async close() {
      door.closeAllConnections();
      door.close();
      await (await started?.catch(() => undefined))?.stop();
    },
  };
}
