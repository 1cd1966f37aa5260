import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { HttpMetrics } from './instance/http-metrics.ts';
import { Agent, request as ask, createServer } from './instance/node-http.ts';
import { shareHeader } from './instance/order.ts';
import type { Side } from './side.ts';

/** An instance that takes requests, and how many it is answering. */
export interface Backend {
  readonly port: number;
  underWay: number;
}

/** What decides where a request goes. */
export interface ProxyRoutes {
  /** The side of the next request, its share in percent, and an instance of it if one is ready. */
  route(): { readonly side: Side; readonly share: number; readonly backend: Backend | null };
  /** The counters of a side as it is now. */
  counters(side: Side): HttpMetrics;
}

/** Header of our own visitors: when their request was due, in milliseconds since the epoch. */
export const dueHeader = 'x-sandbox-due';
const sideHeader = 'x-sandbox-side';
const answerWithinMs = 10_000;
const dueSlackMs = 60_000;

/**
 * A proxy that sends each request to one side by weight, never twice, and counts what came of it.
 * Without a ready instance the answer is 502, and counts as an error of the side. Latency counts
 * from the instant a request was due, so that a visitor who had to wait is not forgotten.
 */
export function createProxy(routes: ProxyRoutes): Server {
  const agent = new Agent({ keepAlive: true, keepAliveMsecs: 30_000, maxFreeSockets: 32 });

  function forward(request: IncomingMessage, response: ServerResponse): void {
    const begun = dueAt(request);
    const { side, share, backend } = routes.route();
    const counters = routes.counters(side);
    let isCounted = false;

    function count(code: number): void {
      if (isCounted) return;
      isCounted = true;
      counters.count(code, Math.max(0, wallNow() - begun) / 1000);
    }

    function fail(code: number, reason: string): void {
      count(code);
      if (response.headersSent) {
        response.destroy();
        return;
      }
      const body = `${JSON.stringify({ error: reason })}\n`;
      response.writeHead(code, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        [sideHeader]: side,
      });
      response.end(body);
    }

    if (backend === null) {
      request.resume();
      fail(502, `no instance of ${side} is ready`);
      return;
    }
    const onward = ask({
      host: '127.0.0.1',
      port: backend.port,
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers: { ...request.headers, [shareHeader]: String(share) },
      agent,
      timeout: answerWithinMs,
    });
    backend.underWay += 1;
    onward.once('close', () => {
      backend.underWay -= 1;
    });
    onward.once('timeout', () => onward.destroy(new Error('timeout')));
    onward.once('error', (error) => {
      const isLate = error.message === 'timeout';
      fail(isLate ? 504 : 502, isLate ? 'the instance did not answer in time' : 'no answer');
    });
    onward.once('response', (answer) => {
      const code = answer.statusCode ?? 502;
      response.writeHead(code, { ...answer.headers, [sideHeader]: side });
      answer.once('end', () => count(code));
      answer.once('error', () => fail(502, 'the answer broke off'));
      answer.pipe(response);
    });
    // A visitor who leaves early takes the request along; it is nobody's error.
    response.once('close', () => {
      if (!response.writableFinished) isCounted = true;
      if (!response.writableFinished) onward.destroy();
    });
    if (hasBody(request)) request.pipe(onward);
    else onward.end();
  }

  const server = createServer(forward);
  server.keepAliveTimeout = 0;
  server.once('close', () => agent.destroy());
  return server;
}

/** Nearly none has one: a pipe for nothing costs more than all that is decided here. */
function hasBody({ headers }: IncomingMessage): boolean {
  return 'content-length' in headers || 'transfer-encoding' in headers;
}

/** Now, in milliseconds since the epoch, finer than `Date.now`. */
export function wallNow(): number {
  return performance.timeOrigin + performance.now();
}

function dueAt(request: IncomingMessage): number {
  const now = wallNow();
  const due = Number(request.headers[dueHeader] ?? Number.NaN);
  return Number.isFinite(due) && due <= now && now - due < dueSlackMs ? due : now;
}
