import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import bolt from '@slack/bolt';
import { openPglite } from '#adapters/pglite/pglite.ts';
import { migrate } from '#adapters/postgres/migrate.ts';
import { openPostgres } from '#adapters/postgres/open.ts';
import { createStore } from '#adapters/postgres/store.ts';
import { createCrypto } from '#adapters/system/crypto.ts';
import { createRandom } from '#adapters/system/random.ts';
import { type Command, defineCommand, nowhere } from '#app/command.ts';
import { createCommandBus } from '#app/command-bus.ts';
import { projectRollout } from '#app/project-rollout.ts';
import { createAuthority } from '#app/resolve-authority.ts';
import { createRollouts } from '#app/rollout/create-rollouts.ts';
import type { World } from '#app/world.ts';
import { noticeView } from '#core/cards/notice-view.ts';
import { ok } from '#core/result.ts';
import { createLookup } from '#core/settings/lookup.ts';
import { Settings } from '#core/settings/settings.ts';
import type { Inbound } from '#ports/gateway.ts';

/** What the load process asks for, and what it is told. */
export const signingSecret = 'a secret of this bench alone';

const [kind = 'raw', commandCount = '1'] = process.argv.slice(2);
const app = new bolt.App({
  signingSecret,
  logLevel: bolt.LogLevel.ERROR,
  authorize: async () => ({ botToken: 'xoxb-none', botId: 'B1', botUserId: 'U0' }),
});
let idle = async (): Promise<void> => {};
let end = async (): Promise<void> => {};
let authorised = 0;
if (kind === 'raw') app.command('/release', ({ ack }) => ack());
else await serveBus(Number(commandCount));

const server = await app.start({ port: 0, host: '127.0.0.1' });
// The load process keeps its connections from burst to burst.
server.keepAliveTimeout = 600_000;
const address = server.address();
process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
process.on('disconnect', () => process.exit(0));
process.on('message', async (message) => {
  if (message === 'end') {
    await app.stop();
    await end();
    process.exit(0);
  }
  // Counted before anything more is handled: who was authorised by the time of the last answer.
  const already = authorised;
  authorised = 0;
  await idle();
  process.send?.({ authorised: already });
});

/** One listener, our own table behind it: stored durably, then acknowledged. */
async function serveBus(count: number): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-ack-'));
  const log = { debug() {}, info() {}, warn: console.error, error: console.error };
  const pglite = await openPglite({ directory, log });
  const database = openPostgres({ stream: pglite.connect, log });
  await migrate(database);
  const store = createStore(database, { log, durable: false });
  const crypto = createCrypto({ secret: signingSecret });
  const world = worldOn(store, crypto, log);
  const real = createAuthority(world);
  const authority: typeof real = {
    ...real,
    async authorise(...question) {
      const answer = await real.authorise(...question);
      if (answer.ok) authorised += 1;
      return answer;
    },
  };
  const rollouts = createRollouts(world, projectRollout(world));
  const commands = Array.from({ length: count }, (_, index) => ping(`ping-${index}`));
  const bus = createCommandBus({ world, rollouts, authority, commands });
  let delivery = 0;
  app.command('/release', async ({ command, ack }) => {
    delivery += 1;
    const inbound: Inbound = {
      source: 'slack',
      deliveryId: `${command.trigger_id}-${delivery}`,
      account: { platform: 'slack', tenant: command.team_id, user: command.user_id },
      displayName: command.user_name,
      excluded: [],
      channel: {
        platform: 'slack',
        tenant: command.team_id,
        channel: command.channel_id,
        thread: null,
      },
      replyTo: command.response_url,
      content: { kind: 'command', text: command.text },
      receivedAt: Date.now(),
    };
    await bus.accept(inbound);
    await ack();
  });
  idle = () => bus.idle();
  end = async () => {
    await database.end();
    await pglite.close();
    await rm(directory, { recursive: true });
  };
}

function ping(name: string): Command {
  return defineCommand({
    name,
    summary: 'Does nothing.',
    permission: 'view',
    fields: {},
    examples: [name],
    scopeOf: () => ok(nowhere),
    run: async () => ok({ view: noticeView({ tone: 'neutral', title: name, said: 'Done.' }) }),
  });
}

function worldOn(store: World['store'], crypto: World['crypto'], log: World['log']): World {
  const account = { platform: 'slack', tenant: 'T1', user: 'U1' };
  const settings = Settings.parse({
    version: 1,
    services: {},
    environments: {},
    targets: {},
    registries: {},
    strategies: {},
    channels: {},
    people: { ada: { name: 'Ada', accounts: [account] } },
    roles: { viewer: { may: ['view'], from: [{ kind: 'people', people: ['ada'] }] } },
  });
  const snapshot = { settings, lookup: createLookup(settings, crypto.sha256) };
  const nothing = (): never => {
    throw new Error('not part of this bench');
  };
  return {
    settings: () => snapshot,
    store,
    queue: {
      wake: async () => {},
      consume: nothing,
      healthy: async () => true,
      close: async () => {},
    },
    clock: { now: () => Date.now() },
    random: createRandom(),
    crypto,
    log,
    telemetry: { count() {}, gauge() {}, observe() {} },
    failpoint: async () => {},
    judge: nothing,
    target: nothing,
    metrics: nothing,
    registry: nothing,
    changes: nothing,
    platform: () => ({
      name: 'slack',
      capabilities: {
        ephemeral: 'anytime',
        chart: 'text',
        confirm: 'native',
        commandInThread: false,
        editScope: 'tenant',
        editAgeMaxMs: null,
        dedupeSend: false,
        relativeTime: true,
      },
      scopes: () => [],
      post: nothing,
      find: nothing,
      edit: nothing,
      reply: async () => {},
      tell: nothing,
    }),
    directory: () => ({
      platform: 'slack',
      membership: async (grant) => ({
        grant,
        answer: 'yes',
        because: null,
        evidence: 'listed',
        asOf: Date.now(),
      }),
      validateGrant: async () => ({ usable: true, because: '' }),
    }),
    pokeDelivery() {},
    pokeAnchoring: () => {},
    halted: () => null,
  };
}
