import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createFaults, faultyAnswer, type PeerFault, type PeerFaults } from './faults.ts';
import { createMethods } from './methods.ts';
import { createPeople, type Door, type PeerPeople } from './people.ts';
import { takeResponse } from './responses.ts';
import { createSockets, type Sockets } from './sockets.ts';
import { createState, type Json, type PeerState } from './state.ts';
import { createTiers } from './tiers.ts';
import { createTriggers, type Triggers } from './triggers.ts';

export interface SlackPeer {
  readonly api: string;
  readonly state: PeerState;
  readonly faults: PeerFaults;
  readonly sockets: Sockets;
  readonly triggers: Triggers;
  readonly people: PeerPeople;
  /** Every call of a method so far, in order. */
  readonly calls: {
    readonly method: string;
    readonly at: number;
    readonly token: string;
    readonly status: number;
  }[];
  /** Why Block Kit was refused, so that a test can say so. */
  readonly refused: string[];
  /** Where deliveries go, and how often each is made. */
  through(door: Door, repeat?: number): void;
  /** While true every call is answered with 503. */
  outage(on: boolean): void;
  close(): Promise<void>;
}

interface PeerOptions {
  readonly charts?: boolean;
  /** Enforces the published pace, at this multiple of real time; absent: no pace. */
  readonly tiers?: number;
  readonly random?: () => number;
}

/** A Slack of our own on loopback: Web API, Socket Mode and people. Strict where Slack is. */
export async function startSlackPeer(options: PeerOptions = {}): Promise<SlackPeer> {
  const state = createState();
  const triggers = createTriggers();
  const faults = createFaults(options.random ?? (() => 1));
  const tiers = options.tiers === undefined ? null : createTiers(options.tiers);
  const calls: SlackPeer['calls'] = [];
  const refused: string[] = [];
  let down = false;
  let door: Door = { kind: 'socket' };
  let repeat = 1;

  const server = createServer((request, response) => {
    void answer(request, response);
  });
  const sockets = createSockets(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const base = `http://127.0.0.1:${address.port}`;
  const methods = createMethods(state, triggers, {
    charts: options.charts ?? true,
    socketUrl: () => `ws://127.0.0.1:${address.port}/link`,
    refused: (why) => refused.push(why),
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const { pathname } = new URL(request.url ?? '/', base);
    if (pathname.startsWith('/respond/')) return respond(pathname, body, response);
    const method = pathname.replace('/api/', '');
    return call(method, body, request.headers.authorization ?? '', response);
  }

  function paced(method: string, channel: string): PeerFault | null {
    const wait = tiers?.take(method, channel) ?? 0;
    return wait > 0 ? { kind: 'ratelimited', retryAfter: wait } : null;
  }

  async function call(
    method: string,
    body: string,
    token: string,
    response: ServerResponse,
  ): Promise<void> {
    const args = Object.fromEntries(new URLSearchParams(body));
    const send = (status: number, json: Json, headers: Record<string, string> = {}): void => {
      calls.push({
        method,
        at: performance.now(),
        token,
        status,
      });
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(json));
    };
    const handler = methods[method];
    const refusal = down ? ([503, 'down'] as const) : whyRefused(token, handler !== undefined);
    if (refusal !== null || handler === undefined) {
      const [status, error] = refusal ?? [404, 'unknown_method'];
      return send(status, { ok: false, error });
    }
    const fault = paced(method, args['channel'] ?? '') ?? faults.of(method);
    if (fault === null) return send(200, handler(args));
    if (fault.kind.startsWith('done')) handler(args);
    const { status, json, headers } = faultyAnswer(fault);
    if (fault.kind === 'done_reset') response.destroy();
    else send(status, json, headers);
  }

  function respond(path: string, body: string, response: ServerResponse): void {
    const read: unknown = JSON.parse(body);
    const status = takeResponse(state, triggers.useUrl(path), read, (why) => refused.push(why));
    if (status === 200) {
      calls.push({ method: 'response_url', at: performance.now(), token: '', status });
    }
    response.writeHead(status).end();
  }

  return {
    api: `${base}/api/`,
    state,
    faults,
    sockets,
    triggers,
    calls,
    refused,
    people: createPeople({
      state,
      sockets,
      triggers,
      base,
      door: () => door,
      repeat: () => repeat,
    }),
    through(next, times = 1) {
      door = next;
      repeat = times;
    },
    outage(on) {
      down = on;
    },
    async close() {
      sockets.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}

function whyRefused(token: string, known: boolean): readonly [number, string] | null {
  if (!/^Bearer x(?:oxb|app)-/.test(token)) return [200, 'not_authed'];
  return known ? null : [404, 'unknown_method'];
}
