import { createServer } from 'node:http';
import bolt from '@slack/bolt';
import { createMemoryStore } from '#adapters/memory/store.ts';
import { createSlack, SlackOptions } from '#adapters/slack/index.ts';
import type { Gateway, Inbound } from '#ports/gateway.ts';
import type { RawRoute } from '#ports/http-host.ts';

/** One server of `slack-ack`: `raw` is a Bolt app that only acknowledges, `adapter` is ours. */
const [kind = 'raw', api = '', signingSecret = ''] = process.argv.slice(2);
const port = kind === 'raw' ? await serveRaw() : await serveAdapter();
process.send?.({ port });
process.on('disconnect', () => process.exit(0));

async function serveRaw(): Promise<number> {
  const app = new bolt.App({
    signingSecret,
    logLevel: bolt.LogLevel.ERROR,
    authorize: async () => ({ botToken: 'xoxb-none', botId: 'B1', botUserId: 'U0' }),
  });
  app.command('/release', ({ ack }) => ack());
  const server = await app.start({ port: 0, host: '127.0.0.1' });
  server.keepAliveTimeout = 600_000;
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** Verified, normalised, stored under its unique key, then acknowledged. */
async function serveAdapter(): Promise<number> {
  const clock = { now: () => Date.now() };
  const log = { debug() {}, info() {}, warn: console.error, error: console.error };
  const { store } = createMemoryStore({ clock });
  const nothing = async (): Promise<never> => {
    throw new Error('not part of this bench');
  };
  async function* exportHistory(): AsyncIterable<string> {}
  const gateway: Gateway = {
    async accept(inbound: Inbound) {
      const [received] = await store.transact((tx) => tx.receive([inbound]));
      return { fresh: received?.fresh ?? false };
    },
    handle: nothing,
    commands: [],
    complete: nothing,
  };
  const routes: RawRoute[] = [];
  const slack = createSlack({
    options: SlackOptions.parse({ transport: 'http', api }),
    secrets: { botTokens: ['xoxb-bench'], appToken: null, signingSecrets: [signingSecret] },
    settings: () => ({ publicUrl: undefined, command: 'release' }),
    clock,
    log,
  });
  await slack.open({
    gateway,
    reader: {
      mayView: nothing,
      approvals: nothing,
      board: nothing,
      attention: nothing,
      rollout: nothing,
      figures: nothing,
      rollouts: nothing,
      postmortem: nothing,
      exportHistory,
      prove: nothing,
    },
    http: { route: (route) => void routes.push(route) },
    forget() {},
  });
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const body = Buffer.concat(parts);
    const asked = { method: 'POST', path: request.url ?? '', query: '', headers, body, remote: '' };
    const answer = await routes[0]?.handle(asked);
    response.writeHead(answer?.status ?? 404, answer?.headers).end(answer?.body);
  });
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}
