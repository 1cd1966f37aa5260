import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';

/** What happens to a request on its way. */
export type Trouble =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    }
  /** The server gets it, and the answer is lost. */
  | { readonly kind: 'lose-answer' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'rewrite'; readonly from: string; readonly to: string };

/** A path to an API server on which trouble can be made. */
export interface Nemesis {
  readonly url: string;
  /** A kubeconfig file that leads this way. */
  readonly kubeconfig: string;
  /** The next `times` requests that match get into trouble. */
  trouble(match: (method: string, path: string) => boolean, trouble: Trouble, times?: number): void;
  calm(): void;
  /** Ends every open stream. */
  cut(): void;
  requests(): readonly string[];
  /** Bodies of writes that the API server took, in order, and when its answer came. */
  taken(): readonly { readonly at: number; readonly path: string; readonly body: string }[];
  close(): Promise<void>;
}

/** Stands before an API server as plain HTTP, with the right of an administrator. */
export async function startNemesis(apiServer: string, token: string): Promise<Nemesis> {
  let script: {
    match: (method: string, path: string) => boolean;
    trouble: Trouble;
    left: number;
  }[] = [];
  const seen: string[] = [];
  const taken: { at: number; path: string; body: string }[] = [];
  const open = new Set<ServerResponse>();

  function troubleFor(method: string, path: string): Trouble | null {
    const found = script.find((one) => one.left > 0 && one.match(method, path));
    if (found === undefined) return null;
    found.left -= 1;
    return found.trouble;
  }

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = incoming;
    seen.push(`${method} ${url}`);
    const trouble = troubleFor(method, url);
    if (trouble?.kind === 'reset') {
      outgoing.destroy();
      return;
    }
    if (trouble?.kind === 'answer') {
      incoming.resume();
      outgoing.writeHead(trouble.status, trouble.headers).end(trouble.body ?? '{}');
      return;
    }
    const body = await buffer(incoming);
    const sent = request(new URL(url, apiServer), {
      method,
      rejectUnauthorized: false,
      headers: {
        ...incoming.headers,
        host: new URL(apiServer).host,
        authorization: `Bearer ${token}`,
      },
    });
    sent.on('error', () => outgoing.destroy());
    outgoing.on('close', () => sent.destroy());
    sent.on('response', (response) => {
      if (method !== 'GET' && (response.statusCode ?? 500) < 300) {
        taken.push({ at: Date.now(), path: url, body: body.toString() });
      }
      void answer(response, outgoing, trouble);
    });
    sent.end(body.length === 0 ? undefined : body);
  }

  async function answer(
    response: IncomingMessage,
    outgoing: ServerResponse,
    trouble: Trouble | null,
  ): Promise<void> {
    if (trouble?.kind === 'lose-answer') {
      response.resume();
      outgoing.destroy();
      return;
    }
    const { 'content-length': _, ...headers } = response.headers;
    outgoing.writeHead(response.statusCode ?? 502, headers);
    if (trouble?.kind === 'rewrite') {
      outgoing.end((await text(response)).replaceAll(trouble.from, trouble.to));
      return;
    }
    response.on('error', () => outgoing.destroy());
    response.pipe(outgoing);
  }

  const server = createServer((incoming, outgoing) => {
    open.add(outgoing);
    outgoing.on('close', () => open.delete(outgoing));
    outgoing.on('error', () => {});
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The nemesis has no port');
  const url = `http://127.0.0.1:${address.port}`;
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-nemesis-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'test',
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
      clusters: [{ name: 'test', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'test', user: {} }],
    }),
  );

  return {
    url,
    kubeconfig,
    trouble(match, trouble, times = Number.POSITIVE_INFINITY) {
      script.push({ match, trouble, left: times });
    },
    calm() {
      script = [];
    },
    cut() {
      for (const response of open) response.destroy();
    },
    requests: () => seen,
    taken: () => taken,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
