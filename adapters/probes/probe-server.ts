import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

// By name: an `import` reads all that Node's HTTP offers, and so loads the WebSocket of browsers, a
// tenth of what a start costs.
const { createServer } = process.getBuiltinModule('node:http');

/** What is told of a process that has no console. */
export interface Probed {
  /** Whether it can do its work, and one word on each thing that it needs. */
  readonly ready: () => Promise<{
    readonly ready: boolean;
    readonly checks: Readonly<Record<string, string>>;
  }>;
  /** Metrics in the text format of Prometheus. */
  readonly metricsText: () => Promise<string>;
}

export interface ProbeServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * `/healthz`, `/readyz` and `/metrics` for a process that only works, as the console has them for
 * one that serves. Nothing else is answered.
 * @throws Error when the port is taken
 */
export async function startProbeServer(
  probed: Probed,
  where: { readonly host: string; readonly port: number },
): Promise<ProbeServer> {
  const server = createServer((request, response) => {
    request.resume();
    const path = request.method === 'GET' ? (request.url ?? '').split('?')[0] : undefined;
    answer(probed, path, response).catch(() => say(response, 500, 'trouble\n'));
  });
  server.requestTimeout = 15_000;
  server.listen(where.port, where.host);
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : where.port,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answer(
  probed: Probed,
  path: string | undefined,
  response: ServerResponse,
): Promise<void> {
  switch (path) {
    case '/healthz':
      return say(response, 200, 'ok\n');
    case '/readyz': {
      const { ready, checks } = await probed.ready();
      const lines = Object.entries(checks).map(([part, state]) => `${part}: ${state}\n`);
      const words = `${ready ? 'ready' : 'not ready'}\n${lines.join('')}`;
      return say(response, ready ? 200 : 503, words);
    }
    case '/metrics': {
      const text = await probed.metricsText();
      return say(response, 200, text, 'text/plain; version=0.0.4; charset=utf-8');
    }
    default:
      return say(response, 404, 'There is nothing here.\n');
  }
}

function say(response: ServerResponse, status: number, text: string, type = 'text/plain'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(text);
}
