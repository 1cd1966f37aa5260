import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type Answer, failed } from './answers.ts';
import { createBuckets } from './buckets.ts';
import { createFaults, type PeerFault } from './faults.ts';
import { createGateway } from './gateway.ts';
import { answerInteraction } from './interactions.ts';
import { createPeople } from './people.ts';
import type { Request } from './request.ts';
import { route } from './routes.ts';
import { botToken, createState } from './state.ts';

/** A Discord of our own: REST, gateway and people. Strict; what it refused stands in `refused`. */
export async function startDiscordPeer(
  settings: { readonly shards?: number; readonly heartbeatMs?: number } = {},
) {
  const state = createState();
  const buckets = createBuckets(state.now);
  const faults = createFaults();
  const gateway = createGateway(() => state.app.flags, settings.heartbeatMs);
  const refused: string[] = [];
  const calls: { readonly method: string; readonly path: string; readonly status: number }[] = [];
  let outage = false;
  const parts = { state, refused, gatewayUrl: gateway.url, shards: () => settings.shards ?? 1 };

  function callOf({ method, path }: Request): 'post' | 'edit' | 'other' {
    if (method === 'POST' && /^\/channels\/\d+\/messages$/.test(path)) return 'post';
    return method === 'PATCH' && /^\/channels\/\d+\/messages\/\d+$/.test(path) ? 'edit' : 'other';
  }

  function answered(request: Request, authorization: string): Answer {
    if (outage) return { status: 503 };
    if (buckets.banned()) return slowDown(600, true, {});
    const interaction = /^\/(interactions|webhooks)\//.test(request.path);
    const known = interaction || authorization === `Bot ${botToken}`;
    if (!known) return failed(401, 0, '401: Unauthorized');
    const key = bucketOf(request);
    const limited = buckets.draw(key, interaction);
    if (limited !== null) return slowDown(limited.wait, limited.global, buckets.headers(key));
    return worked(request, key, interaction ? null : faults.take(callOf(request)));
  }

  function worked(request: Request, key: string, fault: PeerFault | null): Answer {
    const before = fault === null ? null : refusal(fault);
    if (before !== null) return before;
    const answer = interactionAnswer(request) ?? route(parts, request);
    if (fault !== null) return { status: fault.kind === 'reset' ? 0 : 503 };
    return { ...answer, headers: { ...buckets.headers(key), ...answer.headers } };
  }

  function interactionAnswer({ method, path, body }: Request): Answer | null {
    const [, id, token] = /^\/interactions\/(\d+)\/([^/]+)\/callback$/.exec(path) ?? [];
    if (method !== 'POST' || id === undefined) return null;
    const interaction = state.interactions.get(id);
    if (interaction === undefined || interaction.token !== token)
      return failed(404, 10_062, 'Unknown interaction');
    return answerInteraction(parts, interaction, body);
  }

  const server = createServer(async (incoming, response) => {
    const request = await read(incoming);
    const answer = answered(request, incoming.headers.authorization ?? '');
    calls.push({ method: request.method, path: request.path, status: answer.status });
    if ([401, 403, 429].includes(answer.status)) buckets.refused();
    if (answer.status === 0) {
      incoming.socket.destroy();
      return;
    }
    const body = answer.body === undefined ? '' : JSON.stringify(answer.body);
    const type = body === '' ? {} : { 'content-type': 'application/json' };
    response.writeHead(answer.status, { ...type, ...answer.headers }).end(body);
  });
  server.on('upgrade', gateway.upgrade);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  gateway.open(`ws://127.0.0.1:${address.port}`);

  return {
    api: `http://127.0.0.1:${address.port}/api`,
    state,
    buckets,
    faults,
    gateway,
    refused,
    calls,
    people: createPeople(parts, gateway),
    answer: (interaction: Parameters<typeof answerInteraction>[1], given: unknown) =>
      answerInteraction(parts, interaction, given),
    outage(on: boolean): void {
      outage = on;
    },
    async close() {
      gateway.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
export type DiscordPeer = Awaited<ReturnType<typeof startDiscordPeer>>;

/** Method, route and the channel, server or webhook in it; an interaction is its own. */
function bucketOf({ method, path }: Request): string {
  const [, top, major] = /^\/(channels|guilds|webhooks)\/([^/]+)/.exec(path) ?? [];
  if (path.startsWith('/interactions/')) return `${method} ${path}`;
  const rest = path.replace(/\/\d{17,20}/g, '/:');
  return `${method} ${rest} ${top ?? ''}${major ?? ''}`;
}

function slowDown(
  wait: number,
  global: boolean,
  headers: Readonly<Record<string, string>>,
): Answer {
  return {
    status: 429,
    headers: {
      ...headers,
      'retry-after': String(wait),
      'x-ratelimit-scope': global ? 'global' : 'user',
      ...(global ? { 'x-ratelimit-global': 'true' } : {}),
    },
    body: { message: 'You are being rate limited.', retry_after: wait, global, code: 0 },
  };
}

/** What is answered instead of the work; null where it is done nevertheless. */
function refusal(fault: PeerFault): Answer | null {
  switch (fault.kind) {
    case 'ratelimited':
      return slowDown(fault.retryAfter, fault.global === true, {});
    case 'lost_503':
      return { status: 503 };
    case 'done_503':
      return null;
    case 'reset':
      return fault.done ? null : { status: 0 };
    case 'error':
      return failed(fault.status, fault.code, `scripted ${fault.code}`);
  }
}

async function read(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const bytes = Buffer.concat(chunks);
  const url = new URL(incoming.url ?? '/', 'http://peer');
  const path = url.pathname.replace(/^\/api\/v10/, '');
  const method = incoming.method ?? '';
  const type = incoming.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/')) {
    const body: unknown = bytes.length === 0 ? null : JSON.parse(bytes.toString());
    return { method, path, body, files: [] };
  }
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData();
  const files: { name: string; data: Uint8Array }[] = [];
  for (const [, value] of form) {
    if (typeof value !== 'string') files.push({ name: value.name, data: await value.bytes() });
  }
  return { method, path, body: JSON.parse(String(form.get('payload_json'))), files };
}
