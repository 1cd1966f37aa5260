import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { Answer, Connection } from './connection.ts';
import { faultOf, outageOf } from './to-fault.ts';

// By name: an `import` reads all that Node's HTTP offers, and so loads the WebSocket of browsers, a
// tenth of what a start costs.
const http = process.getBuiltinModule('node:http');

/** One request to the API server. */
export interface Ask {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  /** The attempt in plain words, for faults. */
  readonly what: string;
}

/** Requests over one connection; answers are text. */
export interface Transport {
  /** @throws Fault `target.*`; null for 404 */
  ask(request: Ask): Promise<string | null>;
  /** Hands over line after line of an answer that does not end; settles when it does. */
  lines(request: Ask, onLine: (line: string) => void, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** How long nothing may come. A quiet watch has a bookmark about every minute. */
const idleMs = { whole: 20_000, stream: 150_000 } as const satisfies Record<Answer, number>;

export function createTransport(connection: Connection): Transport {
  async function open(
    request: Ask,
    answer: Answer,
    signal?: AbortSignal,
  ): Promise<IncomingMessage> {
    const { base, options } = await connection.prepare(answer);
    const url = new URL(base.pathname.replace(/\/$/, '') + request.path, base);
    for (const [key, value] of Object.entries(request.query ?? {})) {
      url.searchParams.set(key, value);
    }
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const headers = {
      ...options.headers,
      accept: request.accept ?? 'application/json',
      'user-agent': 'signalbox',
      ...(body === undefined
        ? {}
        : {
            'content-type': request.contentType ?? 'application/json',
            'content-length': String(Buffer.byteLength(body)),
          }),
    };
    const send = url.protocol === 'http:' ? http.request : https.request;
    return new Promise((resolve, reject) => {
      const sent = send(
        url,
        {
          ...options,
          method: request.method,
          headers,
          timeout: idleMs[answer],
          ...(signal ? { signal } : {}),
        },
        resolve,
      );
      sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
      sent.on('error', reject);
      sent.end(body);
    });
  }

  async function refused(response: IncomingMessage, what: string) {
    const after = Number(response.headers['retry-after']);
    return faultOf(
      {
        status: response.statusCode ?? 0,
        body: await text(response),
        retryAfterSeconds: Number.isFinite(after) && after > 0 ? after : null,
      },
      what,
    );
  }

  return {
    async ask(request) {
      try {
        const response = await open(request, 'whole');
        const status = response.statusCode ?? 0;
        if (status >= 200 && status < 300) return await text(response);
        if (status === 404 && request.method !== 'POST') {
          response.resume();
          return null;
        }
        throw await refused(response, request.what);
      } catch (error) {
        throw outageOf(error, request.what);
      }
    },
    async lines(request, onLine, signal) {
      try {
        const response = await open(request, 'stream', signal);
        if (response.statusCode !== 200) throw await refused(response, request.what);
        response.socket.setKeepAlive(true, 30_000);
        for await (const line of createInterface({ input: response })) onLine(line);
      } catch (error) {
        if (signal.aborted) return;
        throw outageOf(error, request.what);
      }
    },
    close: () => connection.close(),
  };
}
