import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';

/** One answer of the peer: what a registry, honest or not, says to a path. */
export interface Said {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A request that it got. */
export interface Asked {
  readonly host: string;
  readonly path: string;
  readonly authorization: string | null;
}

/** A registry that says what a test tells it to, path by path; anything else is not found. */
export interface RegistryPeer {
  readonly url: string;
  readonly asked: readonly Asked[];
  answer(path: string, said: Said | ((request: IncomingMessage) => Said)): void;
  close(): Promise<void>;
}

/** Starts one on a free loopback port. */
export async function startRegistryPeer(): Promise<RegistryPeer> {
  const answers = new Map<string, Said | ((request: IncomingMessage) => Said)>();
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://registry');
    const { host = '', authorization = null } = request.headers;
    asked.push({ host, path: request.url ?? '', authorization });
    const found = answers.get(pathname);
    const said = typeof found === 'function' ? found(request) : (found ?? { status: 404 });
    response.writeHead(said.status ?? 200, said.headers);
    response.end(said.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    answer: (path, said) => void answers.set(path, said),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A manifest as a registry serves it, with the digest of its bytes. */
export function manifestOf(config: string, type = 'application/vnd.oci.image.manifest.v1+json') {
  const body = JSON.stringify({
    schemaVersion: 2,
    mediaType: type,
    config: { digest: digestOf(config) },
    layers: [],
  });
  return { digest: digestOf(body), said: { headers: { 'content-type': type }, body } };
}

/** As registries write it. */
export function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
