import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RawRoute } from '#ports/http-host.ts';

/** The raw routes of an adapter on a server of their own, as the console serves them. */
export async function serveRoutes(
  routes: readonly RawRoute[],
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    const body = Buffer.concat(parts);
    const route = routes.find(
      ({ method, path }) => method === request.method && path === request.url,
    );
    if (route === undefined) return void response.writeHead(404).end();
    if (body.length > route.limitBytes) return void response.writeHead(413).end();
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const answer = await route.handle({
      method: request.method ?? '',
      path: route.path,
      query: '',
      headers,
      body,
      remote: '127.0.0.1',
    });
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
