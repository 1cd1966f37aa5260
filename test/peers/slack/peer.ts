import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createFaults, faultyAnswer, type PeerFault, type PeerFaults } from './faults.ts';
import { takeUpload } from './files.ts';
import { createMethods } from './methods.ts';
import { createPeople, type Door, type PeerPeople } from './people.ts';
import { takeResponse } from './responses.ts';
import { createSockets, type Sockets } from './sockets.ts';
import { createState, type Json, type PeerState } from './state.ts';
import { createTiers, type Pace } from './tiers.ts';
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
  /** While true deliveries are held; then they are made, the latest first. */
  hold(on: boolean): Promise<void>;
  /** While true every call is answered with 503. */
  outage(on: boolean): void;
  close(): Promise<void>;
}

interface PeerOptions {
  readonly charts?: boolean;
  /** False: the workspace takes no files. */
  readonly files?: boolean;
  /** Enforces the published pace by this clock; absent: no pace. */
  readonly tiers?: Pace;
  /** What `auth.test` says of a token, where it is not the one workspace. */
  readonly who?: (token: string) => Json;
  /** Scopes that tokens have, as Slack names them in a header. */
  readonly scopes?: readonly string[];
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
  let held: (() => Promise<void>)[] | null = null;

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
    files: options.files ?? true,
    base: () => base,
    who: options.who ?? (() => ({})),
    socketUrl: () => `ws://127.0.0.1:${address.port}/link`,
    refused: (why) => refused.push(why),
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await bytesOf(request);
    const { pathname } = new URL(request.url ?? '/', base);
    if (request.method === 'HEAD') return void response.writeHead(200).end();
    if (pathname.startsWith('/upload/')) {
      return void response.writeHead(takeUpload(state, pathname, bytes)).end();
    }
    const body = bytes.toString('utf8');
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
    const scoped = scopeHeaders(options.scopes);
    const asked = { ...args, token: token.replace('Bearer ', '') };
    if (fault === null) return send(200, handler(asked), scoped);
    if (fault.kind.startsWith('done')) handler(asked);
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
      held: () => held,
    }),
    through(next, times = 1) {
      door = next;
      repeat = times;
    },
    async hold(on) {
      const waiting = held ?? [];
      held = on ? waiting : null;
      if (!on) for (const deliver of waiting.toReversed()) await deliver();
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

function scopeHeaders(scopes: readonly string[] | undefined): Record<string, string> {
  return scopes === undefined ? {} : { 'x-oauth-scopes': scopes.join(',') };
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

function whyRefused(token: string, known: boolean): readonly [number, string] | null {
  if (!/^Bearer x(?:oxb|app)-/.test(token)) return [200, 'not_authed'];
  return known ? null : [404, 'unknown_method'];
}
