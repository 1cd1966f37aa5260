import { createServer, type Socket } from 'node:net';
import type { Host } from './host.ts';
import { onLines, Request, type Response, sendLine, wireFault } from './wire.ts';

interface HostServerOptions {
  readonly host: Host;
  readonly token: string;
  /** How long the host goes on when the last client is gone without a word. */
  readonly lingerMs: number;
  /** There is nobody left to work for. */
  readonly onAlone: () => void;
  readonly onError: (error: unknown) => void;
}

/** Time for the first client to come. */
const firstClientMs = 15_000;

/** Lets clients that know the token speak to the host. Settles with the port. */
export function serveHost(options: HostServerOptions): Promise<number> {
  const { host, token, lingerMs, onAlone, onError } = options;
  const admitted = new Set<Socket>();
  let alone = setTimeout(onAlone, firstClientMs);

  function greet(socket: Socket): void {
    admitted.add(socket);
    clearTimeout(alone);
  }

  function leave(socket: Socket, waitMs: number): void {
    if (!admitted.delete(socket) || admitted.size > 0) return;
    clearTimeout(alone);
    alone = setTimeout(onAlone, waitMs);
  }

  async function handle(socket: Socket, line: string): Promise<void> {
    const request = Request.safeParse(JSON.parse(line));
    if (!request.success) throw request.error;
    const { id, call } = request.data;
    if (call.method === 'hello') {
      if (call.token !== token) {
        socket.destroy();
        return;
      }
      greet(socket);
      host.configure(call.settings);
      sendLine(socket, { id, value: null });
      return;
    }
    if (!admitted.has(socket)) {
      socket.destroy();
      return;
    }
    if (call.method === 'bye') {
      leave(socket, 0);
      sendLine(socket, { id, value: { isLast: admitted.size === 0 } });
      return;
    }
    sendLine(socket, await answered(id, () => host.handle(call)));
  }

  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('close', () => leave(socket, lingerMs));
    onLines(socket, (line) => {
      handle(socket, line).catch((error) => {
        onError(error);
        socket.destroy();
      });
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no port'));
      else resolve(address.port);
    });
  });
}

async function answered(id: number, work: () => Promise<unknown>): Promise<Response> {
  try {
    return { id, value: await work() };
  } catch (error) {
    return { id, fault: wireFault(error) };
  }
}
