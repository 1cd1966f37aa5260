import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { z } from 'zod';
import { askApi } from './cluster.ts';

const Told = z.object({ url: z.string(), kubeconfig: z.string() });

/** The run's one cluster as a test uses it: in a namespace of its own. */
export interface SharedCluster {
  readonly url: string;
  readonly kubeconfig: string;
  readonly namespace: string;
  /** Asks the API server as its administrator. */
  ask(
    method: string,
    path: string,
    body?: unknown,
    contentType?: string,
  ): Promise<{ readonly status: number; readonly body: unknown }>;
}

/**
 * Starts the cluster with the first call of the run, and makes a namespace. It goes with the
 * cluster: to take it away costs the API server more than to leave it.
 */
export async function freshNamespace(): Promise<SharedCluster> {
  const response = await fetch(inject('sharedKubernetes'));
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  const { url, kubeconfig } = Told.parse(JSON.parse(text));
  const namespace = `test-${randomBytes(4).toString('hex')}`;
  const ask: SharedCluster['ask'] = (method, path, body, contentType) =>
    askApi(url, method, path, body, contentType);
  await ask('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  return { url, kubeconfig, namespace, ask };
}
