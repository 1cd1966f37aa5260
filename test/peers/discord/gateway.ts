import type { IncomingMessage } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { recordOf } from './request.ts';
import { application, botToken, guild, secretToken } from './state.ts';

interface Session {
  readonly id: string;
  readonly shard: readonly [number, number];
  readonly intents: number;
  sequence: number;
  readonly sent: { readonly s: number; readonly text: string }[];
  socket: WebSocket | null;
}

/** The gateway: hello, heartbeats, identify, resume, reconnect, invalid sessions. */
export function createGateway(flags: () => number, heartbeatMs = 5_000) {
  const server = new WebSocketServer({ noServer: true, maxPayload: 4_096 });
  const sessions = new Map<string, Session>();
  const bad: string[] = [];
  const seen = { identifies: 0, resumes: 0, heartbeats: 0, bad };
  let address = '';
  const identifyFails: number[] = [];
  let deaf = false;

  server.on('connection', (socket: WebSocket) => {
    let session: Session | null = null;
    const say = (op: number, d: unknown) =>
      socket.send(JSON.stringify({ op, d, s: null, t: null }));
    say(10, { heartbeat_interval: heartbeatMs });
    socket.on('message', (data) => {
      const { op, d } = recordOf(JSON.parse(String(data)));
      if (op === 1) {
        seen.heartbeats += 1;
        if (!deaf) say(11, null);
      } else if (op === 2) session = identify(socket, recordOf(d));
      else if (op === 6) session = resume(socket, recordOf(d), () => say(9, false));
      else {
        seen.bad.push(`op ${String(op)}`);
        socket.close(4_001);
      }
    });
    socket.on('close', () => {
      if (session?.socket === socket) session.socket = null;
    });
  });

  function identify(
    socket: WebSocket,
    { token, intents, shard }: Readonly<Record<string, unknown>>,
  ): Session | null {
    seen.identifies += 1;
    // Members may only be listened to where the portal allows it.
    const allowed = (Number(intents) & 2) === 0 || (flags() & 0xc000) !== 0;
    const code = token === botToken ? (identifyFails.shift() ?? (allowed ? 0 : 4_014)) : 4_004;
    if (code !== 0) {
      socket.close(code);
      return null;
    }
    const [index, total] = Array.isArray(shard) ? shard : [0, 1];
    const session: Session = {
      id: secretToken(),
      shard: [Number(index), Number(total)],
      intents: Number(intents),
      sequence: 0,
      sent: [],
      socket,
    };
    sessions.set(session.id, session);
    dispatch(session, 'READY', {
      v: 10,
      user: { id: application, username: 'signalbox', discriminator: '0', avatar: null, bot: true },
      guilds: [],
      session_id: session.id,
      resume_gateway_url: address,
      shard: session.shard,
      application: { id: application, flags: 0 },
    });
    return session;
  }

  function resume(
    socket: WebSocket,
    { session_id, seq, token }: Readonly<Record<string, unknown>>,
    refuse: () => void,
  ): Session | null {
    seen.resumes += 1;
    const known = sessions.get(String(session_id));
    if (known === undefined || token !== botToken) {
      refuse();
      return null;
    }
    known.socket = socket;
    for (const { s, text } of known.sent) if (s > Number(seq)) socket.send(text);
    dispatch(known, 'RESUMED', {});
    return known;
  }

  function dispatch(session: Session, t: string, d: unknown): void {
    session.sequence += 1;
    const text = JSON.stringify({ op: 0, t, s: session.sequence, d });
    session.sent.push({ s: session.sequence, text });
    session.socket?.send(text);
  }

  const all = () => [...sessions.values()];
  return {
    seen,
    open(url: string): void {
      address = url;
    },
    url: () => address,
    upgrade(request: IncomingMessage, socket: import('node:stream').Duplex, head: Buffer): void {
      server.handleUpgrade(request, socket, head, (ws) => server.emit('connection', ws, request));
    },
    /** To the shard that the guild belongs to; interactions of direct messages go to shard 0. */
    send(type: string, data: unknown, times = 1): void {
      for (const session of all()) {
        const [index, total] = session.shard;
        if (Number((BigInt(guild) >> 22n) % BigInt(total)) !== index) continue;
        if (sessions.get(session.id) !== session) continue;
        for (let time = 0; time < times; time += 1) dispatch(session, type, data);
      }
    },
    shards: () =>
      all()
        .filter(({ socket }) => socket !== null)
        .map(({ shard }) => shard),
    /** Resolves once so many shards are ready. */
    async connected(count = 1): Promise<void> {
      for (let round = 0; round < 1_000; round += 1) {
        if (all().filter(({ socket }) => socket !== null).length >= count) return;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error('The application did not connect');
    },
    /** Resolves once sessions were taken up again so many times in all, and one is open. */
    async resumed(count: number): Promise<void> {
      for (let round = 0; round < 1_000; round += 1) {
        if (seen.resumes >= count && all().some(({ socket }) => socket !== null)) return;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error('The application did not come back');
    },
    intents: () => all().map(({ intents }) => intents),
    /** The connection breaks without a word; the session may be resumed. */
    cut() {
      for (const { socket } of all()) socket?.terminate();
    },
    reconnect() {
      for (const { socket } of all())
        socket?.send(JSON.stringify({ op: 7, d: null, s: null, t: null }));
    },
    invalidate(): void {
      for (const { socket, id } of all()) {
        sessions.delete(id);
        socket?.send(JSON.stringify({ op: 9, d: false, s: null, t: null }));
      }
    },
    failIdentify(...codes: readonly number[]): void {
      identifyFails.push(...codes);
    },
    /** Ends every connection with a code; after the fatal ones no session is resumed. */
    closeAll(code: number): void {
      for (const { socket, id } of all()) {
        sessions.delete(id);
        socket?.close(code);
      }
    },
    /** Heartbeats are not acknowledged any more: the connection looks alive, and is dead. */
    deafen(on: boolean): void {
      deaf = on;
    },
    close(): void {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}
export type PeerGateway = ReturnType<typeof createGateway>;
