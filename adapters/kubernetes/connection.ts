import { statSync } from 'node:fs';
import https from 'node:https';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { Fault } from '#core/fault.ts';
import type { Access } from './options.ts';

/** Whether an answer comes to its end, or goes on for minutes. */
export type Answer = 'whole' | 'stream';

/** One cluster as its credentials reach it. */
export interface Connection {
  /** Options of a request: address, TLS and credentials, read anew as files and tokens change. */
  prepare(answer: Answer): Promise<{ readonly base: URL; readonly options: https.RequestOptions }>;
  close(): void;
}

/**
 * Opens what the client knows: kubeconfig files with certificates, tokens, exec plugins and
 * proxies, or the service account of the pod. Nothing is read before the first request; the
 * client neither, for it is two fifths of what a start of the product would load.
 */
export function openConnection(access: Access): Connection {
  const agents = {
    whole: openAgents(64),
    // Each keeps its connection: however many there are, requests must not wait for one to end.
    stream: openAgents(Number.POSITIVE_INFINITY),
  };
  let loaded: { readonly config: KubeConfig; readonly stamp: string } | null = null;

  async function current(): Promise<KubeConfig> {
    const client = await import('@kubernetes/client-node');
    const stamp = stampOf(access);
    if (loaded === null || loaded.stamp !== stamp) {
      loaded = { config: load(new client.KubeConfig(), access), stamp };
    }
    return loaded.config;
  }

  return {
    async prepare(answer) {
      const config = await current();
      const cluster = config.getCurrentCluster();
      if (cluster === null) {
        throw new Fault('target.unavailable', 'The kubeconfig has no cluster for the context.', {
          retryable: false,
        });
      }
      const options: https.RequestOptions = {};
      await config.applyToHTTPSOptions(options);
      // The client's own agent opens a connection per request: only proxies need it.
      if (cluster.proxyUrl === undefined) {
        const { plain, secure } = agents[answer];
        options.agent = cluster.server.startsWith('http:') ? plain : secure;
      }
      return { base: new URL(cluster.server), options };
    },
    close() {
      for (const { plain, secure } of Object.values(agents)) {
        plain.destroy();
        secure.destroy();
      }
    },
  };
}

function openAgents(maxSockets: number) {
  // By name: see the transport.
  const { Agent } = process.getBuiltinModule('node:http');
  const options = { keepAlive: true, maxSockets };
  return { plain: new Agent(options), secure: new https.Agent(options) };
}

function load(config: KubeConfig, access: Access): KubeConfig {
  try {
    if (access.kind === 'in-cluster') config.loadFromCluster(access.root);
    else if (access.file === undefined) config.loadFromDefault();
    else config.loadFromFile(access.file);
  } catch (cause) {
    throw new Fault('target.unavailable', 'The kubeconfig cannot be read.', {
      retryable: true,
      cause,
    });
  }
  if (access.kind === 'kubeconfig' && access.context !== undefined) {
    config.setCurrentContext(access.context);
  }
  return config;
}

/** Changes when a kubeconfig file does. The service account's token is read by the client itself. */
function stampOf(access: Access): string {
  if (access.kind === 'in-cluster') return '';
  const listed = access.file ?? join(homedir(), '.kube', 'config');
  return listed
    .split(delimiter)
    .map((file) => {
      const stat = statSync(file, { throwIfNoEntry: false });
      return `${file}:${stat?.mtimeMs ?? 0}:${stat?.size ?? 0}`;
    })
    .join('|');
}
