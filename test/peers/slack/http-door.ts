import Fastify from 'fastify';
import { createRawRoutes, patience } from '#adapters/console/http-host.ts';
import type { RawRoute } from '#ports/http-host.ts';

/** The raw routes of an adapter on a server of their own, served by the console's own code. */
export async function serveRoutes(
  routes: readonly RawRoute[],
  requestTimeout = 15_000,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const app = Fastify({
    logger: false,
    ...patience(requestTimeout),
    forceCloseConnections: true,
  });
  const raw = createRawRoutes();
  for (const route of routes) raw.host.route(route);
  await raw.install(app);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    async close() {
      await app.close();
    },
  };
}
