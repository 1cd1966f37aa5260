import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { MutualTls } from '#core/settings/alerts.ts';
import type { HttpHost, RawRoute } from '#ports/http-host.ts';
import type { Log } from '#ports/log.ts';

/** A door for senders with certificates. */
export interface MutualTlsListener {
  readonly http: HttpHost;
  /** Listens, after the routes were added. Gives the port. */
  start(): Promise<number>;
  close(): Promise<void>;
}

/** A request that takes longer than this is cut off. */
const requestMs = 10_000;

/**
 * Opens a listener of its own that only talks to senders whose certificate one of the authorities
 * signed, and, where names are given, whose common name is one of them.
 * @throws Error when a file cannot be read or holds no such thing
 */
export function openMutualTls(options: MutualTls, log: Log): MutualTlsListener {
  const routes = new Map<string, RawRoute>();
  const server = createServer(
    {
      cert: readFileSync(options.certificate),
      key: readFileSync(options.key),
      ca: readFileSync(options.authorities),
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      requestTimeout: requestMs,
    },
    (request, response) => {
      answer(request, response).catch((error: unknown) => {
        log.error('An alert webhook failed', { error });
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    },
  );

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket, method = '' } = request;
    const end = (status: number): void => {
      response.writeHead(status, { connection: 'close' }).end();
    };
    if (!isTls(socket) || !isNamed(socket, options.names)) return end(403);
    const [path = '', query = ''] = (request.url ?? '').split('?', 2);
    const route = routes.get(`${method} ${path}`);
    if (route === undefined) return end(404);
    const body = await bodyOf(request, route.limitBytes);
    if (body === null) return end(413);
    const remote = socket.remoteAddress ?? '';
    const headers = headersOf(request);
    const said = await route.handle({ method, path, query, headers, body, remote });
    response.writeHead(said.status, said.headers).end(said.body);
  }

  return {
    http: {
      route(route) {
        routes.set(`${route.method} ${route.path}`, route);
      },
    },
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(options.port, options.host, () => {
          const address = server.address();
          resolve(typeof address === 'object' && address !== null ? address.port : options.port);
        });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function headersOf(request: IncomingMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}

function isTls(socket: object): socket is TLSSocket {
  return 'getPeerCertificate' in socket;
}

function isNamed(socket: TLSSocket, names: readonly string[] | undefined): boolean {
  if (!socket.authorized) return false;
  const { subject } = socket.getPeerCertificate();
  const common: unknown = subject?.CN;
  return names === undefined || (typeof common === 'string' && names.includes(common));
}

async function bodyOf(request: IncomingMessage, limit: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!(chunk instanceof Uint8Array)) return null;
    size += chunk.length;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
