import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';

/** What a peer was asked. */
export interface Request {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly form: URLSearchParams;
  /** Subject of the certificate that the client showed; null without one. */
  readonly client: string | null;
}

/** Something that answers in place of Prometheus, however a test wants it. */
export interface Peer {
  readonly url: string;
  readonly requests: readonly Request[];
  /** How the next requests are answered. */
  answer(listener: RequestListener): void;
  close(): void;
}

/** Starts a peer, with TLS when it is given certificates. */
export async function startPeer(tls: ServerOptions | null = null): Promise<Peer> {
  const requests: Request[] = [];
  let listener: RequestListener = sends({});
  const handle: RequestListener = async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    requests.push({
      path: request.url ?? '',
      headers: request.headers,
      form: new URLSearchParams(body),
      client: subjectOf(request),
    });
    listener(request, response);
  };
  const server: Server =
    tls === null ? createServer(handle) : createSecureServer({ ...tls }, handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const at = server.address();
  if (at === null || typeof at === 'string') throw new Error('No address');
  return {
    url: `${tls === null ? 'http' : 'https'}://127.0.0.1:${at.port}`,
    requests,
    answer(next) {
      listener = next;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function subjectOf({ socket }: IncomingMessage): string | null {
  if (!('getPeerCertificate' in socket) || typeof socket.getPeerCertificate !== 'function') {
    return null;
  }
  const subject: unknown = socket.getPeerCertificate()?.subject?.CN;
  return typeof subject === 'string' ? subject : null;
}

/** An answer of the API: by default an empty matrix. */
export function sends(answer: {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly result?: readonly unknown[];
  readonly more?: Readonly<Record<string, unknown>>;
  readonly body?: string;
}): RequestListener {
  return (_, response) => {
    const { status = 200, headers = {}, result = [], more = {} } = answer;
    const data = { resultType: 'matrix', result };
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(answer.body ?? JSON.stringify({ status: 'success', data, ...more }));
  };
}
