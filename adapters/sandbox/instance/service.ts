import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { fateOf } from './behaviour.ts';
import { seededChance } from './chance.ts';
import { createHttpMetrics } from './http-metrics.ts';
import { createServer } from './node-http.ts';
import { type InstanceOrder, shareHeader, versionHeader } from './order.ts';
import { pageOf } from './page.ts';

/** The demo service as one version of it behaves: `/`, `/healthz`, `/readyz`, `/metrics`. */
export function createService(order: InstanceOrder): Server {
  const { character, service, environment, version } = order;
  const chance = seededChance(order.seed);
  const metrics = createHttpMetrics();
  const readyAt = performance.now() + character.startMs;
  const page = pageOf(order);

  function isReady(): boolean {
    return !character.neverReady && performance.now() >= readyAt;
  }

  function text(response: ServerResponse, code: number, body: string): void {
    send(response, code, { 'content-type': 'text/plain; charset=utf-8' }, body);
  }

  function answer(response: ServerResponse, code: number, type: string, body: string): void {
    const headers = { 'content-type': type, 'cache-control': 'no-store', [versionHeader]: version };
    send(response, code, headers, body);
  }

  function serve(request: IncomingMessage, response: ServerResponse): void {
    const begun = performance.now();
    const fate = fateOf(character, Number(request.headers[shareHeader] ?? 0), chance);
    request.resume();
    setTimeout(() => {
      const code = fate.fails ? 500 : 200;
      metrics.count(code, (performance.now() - begun) / 1000);
      const { colour } = character;
      const body = { service, environment, version, colour, ok: !fate.fails };
      answer(response, code, 'application/json', JSON.stringify(body));
    }, fate.delayMs);
  }

  const server = createServer((request, response) => {
    const path = request.url?.split('?', 1)[0];
    const wantsPage = request.headers.accept?.includes('text/html') ?? false;
    if (path === '/healthz') text(response, 200, 'alive\n');
    else if (path === '/readyz') text(response, isReady() ? 200 : 503, `ready: ${isReady()}\n`);
    else if (path === '/metrics') text(response, 200, metrics.text() + processText());
    else if (wantsPage) answer(response, 200, 'text/html; charset=utf-8', page);
    else serve(request, response);
  });
  // The proxy keeps its connections: closing an idle one here would race with the next request.
  server.keepAliveTimeout = 0;
  return server;
}

/** In one piece: an answer whose length is not told comes in three, through each that it passes. */
function send(response: ServerResponse, code: number, headers: object, body: string): void {
  response.writeHead(code, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

function processText(): string {
  const started = (performance.timeOrigin / 1000).toFixed(3);
  return [
    '# TYPE process_resident_memory_bytes gauge',
    `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
    '# TYPE process_start_time_seconds gauge',
    `process_start_time_seconds ${started}`,
    '',
  ].join('\n');
}
