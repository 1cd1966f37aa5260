import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { assetRoutes, loadAssets } from './assets.ts';
import { chatRoutes } from './chat-routes.ts';
import { commandRoutes } from './command-routes.ts';
import { compressJson } from './compress.ts';
import type { Context } from './context.ts';
import { figureRoutes } from './figure-routes.ts';
import { answerErrors, assetHeaders, guardHost, pageHeaders } from './guards.ts';
import { patience, type RawRoutes } from './http-host.ts';
import { readRoutes } from './read-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { shell } from './shell.ts';
import { signInRoutes } from './sign-in-routes.ts';
import { forgetSignedOut } from './sign-out.ts';
import { streamRoute } from './stream-route.ts';

/** How the process is, in words. */
export interface Readiness {
  readonly ready: boolean;
  /** One line per part that was asked. */
  readonly checks: Readonly<Record<string, string>>;
}

export interface Probes {
  readonly ready: () => Promise<Readiness>;
  /** The process's metrics in the Prometheus text format. */
  readonly metricsText: () => Promise<string>;
}

/** Nobody who keeps to the limits needs to be told of them with every answer. */
const quietLimits = {
  'x-ratelimit-limit': false,
  'x-ratelimit-remaining': false,
  'x-ratelimit-reset': false,
  'retry-after': true,
};

/** Paths of the page itself: each shows the same document, the page's own router does the rest. */
const pages = [
  '/',
  '/c/*',
  '/dm',
  '/dm/*',
  '/board',
  '/rollouts',
  '/rollouts/*',
  '/figures',
  '/figures/*',
  '/link',
];

/** Builds the HTTP server: probes, raw routes, then everything that belongs to the page, host-checked. */
export async function buildServer(
  context: Context,
  probes: Probes,
  raw: RawRoutes,
  hosts: () => readonly string[],
): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    bodyLimit: 65_536,
    ...patience(15_000),
  });
  answerErrors(app, context.log);
  probeRoutes(app, probes);
  await raw.install(app);
  const page = async (): Promise<string> =>
    shell(await loadAssets(), context.roster().organisation);

  await app.register(async (site) => {
    guardHost(site, hosts);
    site.addHook('onRequest', async (request, reply) => {
      reply.headers(request.url.startsWith('/assets/') ? assetHeaders : pageHeaders);
    });
    compressJson(site);
    await site.register(cookie);
    await site.register(rateLimit, {
      max: 3000,
      timeWindow: 60_000,
      // Behind a proxy everybody has its address: people are counted as themselves.
      keyGenerator: (request) => {
        const known = context.viewers.known(request);
        return known === null ? `from ${request.ip}` : `by ${known.user}`;
      },
      addHeaders: quietLimits,
      addHeadersOnExceeding: quietLimits,
    });
    assetRoutes(site);
    for (const path of pages) {
      site.get(path, async (_request, reply) =>
        reply
          .type('text/html; charset=utf-8')
          .header('cache-control', 'no-cache')
          .send(await page()),
      );
    }
    site.setNotFoundHandler(async (request, reply) => {
      if (!wantsPage(request)) return reply.code(404).type('text/plain').send('Not found\n');
      return reply
        .code(404)
        .type('text/html; charset=utf-8')
        .header('cache-control', 'no-store')
        .send(await page());
    });
    await site.register(async (api) => {
      api.addHook('onRequest', async (_request, reply) => {
        reply.header('cache-control', 'no-store');
      });
      forgetSignedOut(api, context);
      sessionRoutes(api, context);
      signInRoutes(api, context);
      chatRoutes(api, context);
      commandRoutes(api, context);
      readRoutes(api, context);
      figureRoutes(api, context);
      streamRoute(api, context);
    });
  });
  return app;
}

/** Somebody looks for a page; everything else asks for something by its exact name. */
function wantsPage({ method, url, headers }: FastifyRequest): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  return (
    (headers.accept ?? '').includes('text/html') && !/^\/(?:api|auth|assets|hooks)\//.test(url)
  );
}

function probeRoutes(app: FastifyInstance, probes: Probes): void {
  app.get('/healthz', async (_request, reply) => reply.type('text/plain').send('ok\n'));
  app.get('/readyz', async (_request, reply) => {
    const { ready, checks } = await probes.ready();
    const lines = Object.entries(checks).map(([part, state]) => `${part}: ${state}\n`);
    return reply
      .code(ready ? 200 : 503)
      .type('text/plain')
      .send(`${ready ? 'ready' : 'not ready'}\n${lines.join('')}`);
  });
  app.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await probes.metricsText()),
  );
}
