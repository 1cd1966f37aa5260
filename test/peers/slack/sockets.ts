import type { IncomingMessage, Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { isJson } from './seen.ts';
import type { Json } from './state.ts';

/** How the app acknowledged; null when it did not in three seconds. */
export type Acknowledged = { readonly payload: Json } | null;

export interface Sockets {
  readonly open: () => number;
  /** Sends one envelope to any of the connections. */
  send(type: string, payload: Json): Promise<Acknowledged>;
  /** The same envelope again and again, as after a lost acknowledgement. */
  raw(text: string): void;
  /** What Slack does every few hours: asks for another connection and closes this one. */
  refresh(): void;
  /** Connections break without a word. */
  cut(): void;
  close(): void;
}

/** The Socket Mode side: every connection is greeted, each envelope goes to one of them in turn. */
export function createSockets(server: Server): Sockets {
  const socketServer = new WebSocketServer({ noServer: true });
  const sockets = new Set<WebSocket>();
  const waiting = new Map<string, (payload: Json) => void>();
  let count = 0;

  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    socketServer.handleUpgrade(request, socket, head, (client) => {
      sockets.add(client);
      client.on('close', () => sockets.delete(client));
      client.on('error', () => sockets.delete(client));
      client.on('message', (data) => acknowledged(String(data)));
      client.send(JSON.stringify({ type: 'hello', num_connections: sockets.size }));
    });
  });

  function acknowledged(text: string): void {
    const read: unknown = JSON.parse(text);
    if (!isJson(read)) return;
    const id = String(read['envelope_id']);
    waiting.get(id)?.(isJson(read['payload']) ? read['payload'] : {});
    waiting.delete(id);
  }

  /** Waits for a connection: Slack keeps what it cannot deliver for a short time. */
  async function anySocket(): Promise<WebSocket> {
    for (let tries = 0; tries < 500; tries += 1) {
      const ready = [...sockets].filter((one) => one.readyState === one.OPEN);
      count += 1;
      const chosen = ready[count % Math.max(1, ready.length)];
      if (chosen !== undefined) return chosen;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('The app has no connection');
  }

  return {
    open: () => sockets.size,
    async send(type, payload) {
      const socket = await anySocket();
      const id = `envelope-${count}-${waiting.size}-${performance.now()}`;
      return new Promise((resolve) => {
        const late = setTimeout(() => {
          waiting.delete(id);
          resolve(null);
        }, 3_000);
        waiting.set(id, (answer) => {
          clearTimeout(late);
          resolve({ payload: answer });
        });
        const envelope = { envelope_id: id, type, payload, accepts_response_payload: true };
        socket.send(JSON.stringify(envelope));
      });
    },
    raw(text) {
      for (const socket of sockets) socket.send(text);
    },
    refresh() {
      for (const socket of sockets) {
        socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
        // Nothing new is sent over a connection that is to go.
        sockets.delete(socket);
      }
    },
    cut() {
      for (const socket of sockets) socket.terminate();
      sockets.clear();
    },
    close() {
      for (const socket of socketServer.clients) socket.terminate();
      socketServer.close();
    },
  };
}
