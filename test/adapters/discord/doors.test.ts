import { afterEach, describe, expect, it } from 'vitest';
import { createDiscord, DiscordOptions, register } from '#adapters/discord/index.ts';
import * as commands from '#commands/index.ts';
import type { Gateway, Inbound } from '#ports/gateway.ts';
import type { RawRoute } from '#ports/http-host.ts';
import { startDiscordPeer } from '../../peers/discord/peer.ts';
import { publicKeyHex, signed } from '../../peers/discord/signature.ts';
import { botToken, guild, otherGuild } from '../../peers/discord/state.ts';
import { addChannel, addMember } from '../../peers/discord/world.ts';
import { serveRoutes } from '../../peers/slack/http-door.ts';
import { silentLog as log } from '../silent.ts';

const ada = '700000000000000001';
const channel = '100000000000000001';
const clock = { now: () => Date.now() };
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

interface Kind {
  readonly shards?: number;
  /** What the product does with deliveries; usually it keeps each once. */
  readonly accept?: Gateway['accept'];
  readonly complete?: Gateway['complete'];
}

async function world(transport: 'gateway' | 'http', settings: Kind = {}) {
  const peer = await startDiscordPeer({ shards: settings.shards ?? 1 });
  peer.buckets.limits({ perBucket: 1_000 });
  addMember(peer, ada);
  addChannel(peer, channel);
  const accepted: Inbound[] = [];
  const gateway: Gateway = {
    commands: Object.values(commands),
    async accept(inbound) {
      if (settings.accept !== undefined) return settings.accept(inbound);
      const fresh = accepted.every(({ deliveryId }) => deliveryId !== inbound.deliveryId);
      if (fresh) accepted.push(inbound);
      return { fresh };
    },
    handle: () => Promise.reject(new Error('not this way')),
    complete:
      settings.complete ??
      (async ({ field, prefix }) => [{ value: `${field}-${prefix}`, label: '' }]),
  };
  const options = DiscordOptions.parse({ guilds: [guild], transport, api: peer.api });
  const secrets = { botToken, publicKey: publicKeyHex };
  const discord = createDiscord({ options, secrets, paint: null, clock, log });
  const routes: RawRoute[] = [];
  discord.open({ gateway, http: { route: (one) => void routes.push(one) }, forget() {} });
  const door = await serveRoutes(routes);
  const url = `${door.url}/discord/interactions`;
  if (transport === 'http') peer.people.through({ kind: 'http', url });
  closers.push(async () => {
    await discord.close();
    await door.close();
    await peer.close();
  });
  if (transport === 'gateway') {
    const shards = settings.shards ?? 1;
    await expect.poll(() => peer.gateway.shards().length, { timeout: 10_000 }).toBe(shards);
  }
  return { peer, accepted, discord, url, options, secrets };
}

describe.each(['gateway', 'http'] as const)('interactions by %s', (transport) => {
  it('acknowledges and stores commands and presses, once, and completes', async () => {
    const { peer, accepted } = await world(transport);
    const values = { service: 'shop', version: 'v2' };
    await peer.people.command(ada, 'release', 'deploy', values, { channel });
    await expect.poll(() => accepted.length).toBe(1);
    expect(accepted[0]).toMatchObject({
      content: { kind: 'command', text: 'deploy --service="shop" --version="v2"' },
      account: { platform: 'discord', tenant: guild, user: ada },
      excluded: [],
    });
    const asked = await peer.people.complete(ada, 'release', 'deploy', 'service', 'sh', {
      channel,
    });
    expect(asked.answer).toMatchObject({ data: { choices: [{ value: 'service-sh' }] } });
    expect(peer.refused).toEqual([]);
  });

  it('asks before what needs confirming, and opens a form for what is asked', async () => {
    const { peer, accepted, discord } = await world(transport);
    const view = {
      tone: 'neutral',
      title: 'card',
      summary: '',
      blocks: [
        {
          kind: 'buttons',
          buttons: [
            {
              label: 'Roll back',
              token: 'tok-1',
              style: 'danger',
              confirm: { title: 'Sure?', text: 'Back to v1.', yes: 'Roll back' },
            },
            {
              label: 'Deny',
              token: 'tok-2',
              style: 'plain',
              ask: { label: 'Why?', required: true },
            },
          ],
        },
      ],
    } as const;
    const at = { platform: 'discord', tenant: guild, channel, thread: null };
    const { message } = await discord.platform.post(at, view, 'k');
    const where = { channel, message };
    const question = await peer.people.press(ada, 'c:0:tok-1', where);
    expect(JSON.stringify(question.answer)).toContain('Back to v1.');
    expect(accepted).toEqual([]);
    const private_ = { channel, message: question.original ?? '' };
    await peer.people.press(ada, `y:${message}:tok-1`, private_);
    await expect.poll(() => accepted.length).toBe(1);
    expect(accepted[0]?.content).toEqual({ kind: 'action', token: 'tok-1', input: null });
    expect(accepted[0]?.channel?.thread).toBe(message);
    const form = await peer.people.press(ada, 'q:1:r:tok-2:Why?', where);
    expect(form.answer).toMatchObject({ type: 9 });
    await peer.people.submit(ada, 'q:1:r:tok-2:Why?', { text: 'too late' }, where);
    await expect.poll(() => accepted.length).toBe(2);
    expect(accepted[1]?.content).toEqual({ kind: 'action', token: 'tok-2', input: 'too late' });
    expect(peer.refused).toEqual([]);
  });

  it('runs a command on a message, chosen from a list, in the thread of that message', async () => {
    const { peer, accepted, discord } = await world(transport);
    const at = { platform: 'discord', tenant: guild, channel, thread: null };
    const view = { tone: 'neutral', title: 'card', summary: '', blocks: [] } as const;
    const { message } = await discord.platform.post(at, view, 'k');
    const form = await peer.people.onMessage(ada, 'Run a release command', message, { channel });
    expect(form.answer).toMatchObject({ type: 9, data: { custom_id: `m:${message}` } });
    expect(JSON.stringify(form.answer)).toContain('"value":"pause"');
    expect(JSON.stringify(form.answer)).not.toContain('"value":"deploy"');
    const filled = { command: ['pause'], more: ' because it is late ' };
    await peer.people.submit(ada, `m:${message}`, filled, { channel });
    await expect.poll(() => accepted.length).toBe(1);
    expect(accepted[0]).toMatchObject({
      content: { kind: 'command', text: 'pause because it is late' },
      channel: { channel, thread: message },
    });
    expect(peer.refused).toEqual([]);
  });

  it('takes no form that was left empty where something is required', async () => {
    const { peer, accepted } = await world(transport);
    const sent = await peer.people.submit(ada, 'q:1:r:tok:Why?', { text: '  ' }, { channel });
    expect(JSON.stringify(sent.answer)).toContain('left empty');
    expect(accepted).toEqual([]);
  });

  it('answers in time, however long the product takes', async () => {
    const never = () => new Promise<never>(() => {});
    const { peer } = await world(transport, { accept: never, complete: never });
    const began = Date.now();
    const where = { channel };
    const [typed, asked] = await Promise.all([
      peer.people.command(ada, 'release', 'status', {}, where),
      peer.people.complete(ada, 'release', 'deploy', 'version', 'v', where),
    ]);
    expect(typed.answer).toEqual({ type: 5, data: { flags: 64 } });
    expect(asked.answer).toEqual({ type: 8, data: { choices: [] } });
    expect(Date.now() - began).toBeLessThan(3_000);
  });

  it('tells the person where nothing could be stored', async () => {
    const { peer } = await world(transport, { accept: () => Promise.reject(new Error('full')) });
    const { people } = peer;
    await people.told(await people.command(ada, 'release', 'status', {}, { channel }));
    expect(JSON.stringify(peer.state.messages)).toContain('nothing was done');
  });

  it.each([
    ['another server', { guild_id: otherGuild }],
    ['an app that a person installed', { authorizing_integration_owners: { '1': ada } }],
    ['a direct message', { guild_id: undefined, member: undefined, user: { id: ada }, context: 1 }],
  ])('excludes %s', async (_, change) => {
    const { peer, accepted } = await world(transport);
    await peer.people.command(ada, 'release', 'status', {}, { channel, with: change });
    await expect.poll(() => accepted.length).toBe(1);
    expect(accepted[0]?.excluded).toContain('wrong_context');
  });
});

it('survives a cut, a reconnect and an invalid session, on several shards', async () => {
  const { peer, accepted } = await world('gateway', { shards: 2 });
  expect(peer.gateway.intents().every((intents) => intents === 1)).toBe(true);
  let count = 0;
  for (const disturb of [peer.gateway.reconnect, peer.gateway.cut]) {
    disturb();
    await expect.poll(() => peer.gateway.shards().length, { timeout: 10_000 }).toBe(2);
    await peer.people.command(ada, 'release', 'status', {}, { channel });
    count += 1;
    await expect.poll(() => accepted.length).toBe(count);
  }
  expect(peer.gateway.seen.resumes).toBeGreaterThan(0);
}, 30_000);

it('answers what Discord signed and nothing else', async () => {
  const { url } = await world('http');
  expect(await (await signed(url, { type: 1 })).json()).toEqual({ type: 1 });
  expect((await signed(url, { type: 1 }, { signature: '0'.repeat(128) })).status).toBe(401);
  expect((await signed(url, { type: 1 }, { timestamp: '1000' })).status).toBe(401);
});

it('registers the command once, and leaves the same one alone', async () => {
  const { peer, options, secrets } = await world('http');
  const all = Object.values(commands);
  const parts = { options, secrets, command: 'release', commands: all, clock, log };
  expect(await register(parts)).toEqual([{ guild, changed: true }]);
  expect(await register(parts)).toEqual([{ guild, changed: false }]);
  expect(peer.refused).toEqual([]);
});
