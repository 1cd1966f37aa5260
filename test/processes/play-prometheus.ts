import { once } from 'node:events';
import { createServer, type Server } from 'node:http';

/** A Prometheus that says the same of every version, and can be out of reach. */
export interface PlayedPrometheus {
  readonly url: string;
  fall(): void;
  rise(): Promise<void>;
}

export async function playPrometheus(): Promise<PlayedPrometheus> {
  let server = await listen(0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It has no port');
  const { port } = address;
  return {
    url: `http://127.0.0.1:${port}`,
    fall() {
      server.closeAllConnections();
      server.close();
    },
    async rise() {
      server = await listen(port);
    },
  };
}

async function listen(port: number): Promise<Server> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += String(part);
    const asked = new URLSearchParams(body);
    const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(asked.get(name)));
    const values: [number, string][] = [];
    for (let at = start ?? 0; at <= (end ?? 0); at += step ?? 1) values.push([at, '0.5']);
    const data = { resultType: 'matrix', result: [{ metric: {}, values }] };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: 'success', data }));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
