import type { FastifyInstance } from 'fastify';
import type { HttpHost, RawRoute } from '#ports/http-host.ts';

/** Collects raw routes until the server is built. */
export interface RawRoutes {
  readonly host: HttpHost;
  install(app: FastifyInstance): Promise<void>;
}

/** Routes whose bodies arrive as the bytes that were sent, in a scope of their own. */
export function createRawRoutes(): RawRoutes {
  const routes = new Map<string, RawRoute>();
  let sealed = false;

  return {
    host: {
      route(route) {
        const key = `${route.method} ${route.path}`;
        if (sealed) throw new Error(`Too late for the route ${key}`);
        if (routes.has(key)) throw new Error(`The route ${key} exists already`);
        routes.set(key, route);
      },
    },
    async install(app) {
      sealed = true;
      await app.register(async (scope) => {
        scope.removeAllContentTypeParsers();
        scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
          done(null, body);
        });
        for (const route of routes.values()) add(scope, route);
      });
    },
  };
}

function add(scope: FastifyInstance, route: RawRoute): void {
  scope.route({
    method: route.method,
    url: route.path,
    bodyLimit: route.limitBytes,
    handler: async (request, reply) => {
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(request.headers)) {
        if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
      }
      const [path = '', query = ''] = request.url.split('?', 2);
      const answer = await route.handle({
        method: request.method,
        path,
        query,
        headers,
        body: request.body instanceof Uint8Array ? request.body : new Uint8Array(),
        remote: request.ip,
      });
      return reply
        .code(answer.status)
        .headers(answer.headers ?? {})
        .send(answer.body);
    },
  });
}

/**
 * Server options that give up on a request that has not arrived whole within `ms`. Node takes the
 * longer of its two limits for the body, so the one for the head has to be as short, and by itself
 * it looks only every 30 seconds.
 */
export function patience(ms: number) {
  const limits = { requestTimeout: ms, headersTimeout: ms };
  return {
    requestTimeout: ms,
    http: { ...limits, connectionsCheckingInterval: Math.min(1_000, Math.ceil(ms / 10)) },
  };
}
