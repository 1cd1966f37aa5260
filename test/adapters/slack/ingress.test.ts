import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSlack, manifest, SlackOptions } from '#adapters/slack/index.ts';
import * as commands from '#commands/index.ts';
import { bodyOf, signedHeaders } from '../../peers/slack/people.ts';
import { isJson } from '../../peers/slack/seen.ts';
import { team } from '../../peers/slack/state.ts';
import { silentLog } from '../silent.ts';
import { slackWorld } from './slack-world.ts';

type World = Awaited<ReturnType<typeof slackWorld>>;

describe('what arrives over HTTP', () => {
  let world: World;
  beforeEach(async () => {
    world = await slackWorld('http', { requestTimeout: 250 });
  });
  afterEach(() => world.close());

  const payload = {
    command: '/release',
    text: 'whoami',
    team_id: team,
    channel_id: 'CREL',
    user_id: 'UADA',
    trigger_id: 't.1',
  };
  const { body, contentType } = bodyOf('slash_commands', payload);
  const now = () => Date.now();
  const good = () => signedHeaders(body, contentType);
  const send = (headers: Record<string, string>, sent: string = body): Promise<Response> =>
    fetch(`${world.door.url}/slack/events`, { method: 'POST', headers, body: sent });
  const stored = () =>
    world.peer.calls.filter(({ method }) => method === 'chat.postEphemeral').length;

  it.each([
    ['no signature', () => ({ 'content-type': contentType })],
    ['another secret', () => signedHeaders(body, contentType, now(), 'another secret')],
    ['an old stamp', () => signedHeaders(body, contentType, now() - 360_000)],
    ['a stamp of the future', () => signedHeaders(body, contentType, now() + 360_000)],
    ['no number as stamp', () => ({ ...good(), 'x-slack-request-timestamp': 'NaN' })],
    ['a negative stamp', () => ({ ...good(), 'x-slack-request-timestamp': '-1' })],
    ['an endless stamp', () => ({ ...good(), 'x-slack-request-timestamp': '1e400' })],
    ['a short signature', () => ({ ...good(), 'x-slack-signature': 'v0=00' })],
    [
      'a signature in capitals',
      () => ({ ...good(), 'x-slack-signature': (good()['x-slack-signature'] ?? '').toUpperCase() }),
    ],
    [
      'a signature that is no number',
      () => ({ ...good(), 'x-slack-signature': `v0=${'g'.repeat(64)}` }),
    ],
    ['an empty signature', () => ({ ...good(), 'x-slack-signature': '' })],
    ['an empty stamp', () => ({ ...good(), 'x-slack-request-timestamp': '' })],
    [
      'several signatures',
      () => ({ ...good(), 'x-slack-signature': `${good()['x-slack-signature']}, v0=00` }),
    ],
  ] as const)('rows 1, 3, 6: refuses %s', async (_name, headers) => {
    expect((await send({ ...headers() })).status).toBe(401);
    await world.bus.idle();
    expect(stored()).toBe(0);
  });

  it('rows 2, 10: refuses one changed byte, and an unsigned challenge', async () => {
    expect((await send(good(), body.replace('whoami', 'whoamj'))).status).toBe(401);
    const challenge = JSON.stringify({ type: 'url_verification', challenge: 'c' });
    expect((await send({ 'content-type': 'application/json' }, challenge)).status).toBe(401);
    const signed = await send(signedHeaders(challenge, 'application/json'), challenge);
    expect(await signed.json()).toEqual({ challenge: 'c' });
  });

  it('rows 4, 11: handles the same signed request once, whatever its retry headers say', async () => {
    const headers = good();
    for (const retry of ['1', '2', '99']) {
      expect((await send({ ...headers, 'x-slack-retry-num': retry })).status).toBe(200);
    }
    await world.bus.idle();
    expect(stored()).toBe(1);
  });

  it('row 2: refuses the same form written otherwise', async () => {
    const again = new URLSearchParams(body);
    again.sort();
    expect((await send(good(), again.toString())).status).toBe(401);
    expect((await send(good(), `\ufeff${body}`)).status).toBe(401);
    await world.bus.idle();
    expect(stored()).toBe(0);
  });

  it.each([
    ['a body of 2 MB', 413, () => 'x'.repeat(2_000_000), contentType],
    ['10,000 fields', 401, () => 'a=1&'.repeat(10_000), contentType],
    ['deep JSON', 401, () => '['.repeat(200_000), 'application/json'],
  ])('row 9: refuses %s before anything is parsed', async (_name, status, made, type) => {
    const parse = JSON.parse;
    let parsed = 0;
    JSON.parse = (text, reviver) => {
      if (text.length > 9_000) parsed += 1;
      return parse(text, reviver);
    };
    try {
      expect((await send({ 'content-type': type }, made())).status).toBe(status);
    } finally {
      JSON.parse = parse;
    }
    expect(parsed).toBe(0);
  });

  it('row 9: lives through 10,000 fields and deep JSON that carry a signature', async () => {
    const many = `${body}&${'a=1&'.repeat(10_000)}`;
    expect((await send(signedHeaders(many, contentType), many)).status).toBe(200);
    const deep = '['.repeat(200_000);
    const answer = await send(signedHeaders(deep, 'application/json'), deep);
    expect(answer.status).toBe(400);
    const proto = '{"__proto__":{"type":"event_callback"},"constructor":1}';
    const odd = await send(signedHeaders(proto, 'application/json'), proto);
    expect(odd.status).toBe(503);
    expect(Object.hasOwn(Object.prototype, 'type')).toBe(false);
  });

  it('row 9: never unpacks a body, so that a bomb stays what arrived', async () => {
    const bomb = gzipSync(Buffer.alloc(30_000_000));
    const packed = { 'content-type': contentType, 'content-encoding': 'gzip' };
    const url = `${world.door.url}/slack/events`;
    const before = process.memoryUsage().arrayBuffers;
    const answer = await fetch(url, { method: 'POST', headers: packed, body: bomb });
    expect(answer.status).toBe(401);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
  });

  it('row 9: hangs up on a body that does not come, and serves others meanwhile', async () => {
    const headers = { ...good(), 'content-length': String(body.length) };
    const slow = request(`${world.door.url}/slack/events`, { method: 'POST', headers });
    const ended = new Promise<string>((resolve) => {
      slow.on('response', ({ statusCode }) => resolve(String(statusCode)));
      slow.on('error', ({ message }) => resolve(message));
    });
    slow.write(body.slice(0, 5));
    expect((await send(good())).status).toBe(200);
    expect(await ended).toMatch(/408|hang up|ECONNRESET/);
    await world.bus.idle();
    expect(stored()).toBe(1);
  });

  it('row 12: takes no word of who forwarded it for the sender', async () => {
    const forged = { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-host': 'slack.com' };
    expect((await send({ 'content-type': contentType, ...forged })).status).toBe(401);
    expect((await send({ ...good(), ...forged })).status).toBe(200);
  });

  it('does not acknowledge what it could not store', async () => {
    const event = {
      team_id: team,
      type: 'event_callback',
      event_id: 'Ev',
      event: { type: 'app_mention', broken: true },
    };
    const text = JSON.stringify(event);
    expect((await send(signedHeaders(text, 'application/json'), text)).status).toBe(503);
  });

  it('rows 19, 29: excludes people of other companies and bots by the payload alone', async () => {
    const { peer, bus, memory } = world;
    await peer.people.mention('UEXT', 'deploy shop v2 production', { channel: 'CREL' });
    await peer.people.event({
      type: 'app_mention',
      user: 'UADA',
      bot_id: 'B9',
      text: '<@U0000BOT> deploy shop v2 production',
      ts: '9.9',
      channel: 'CREL',
    });
    await bus.idle();
    await expect(memory.read('shop-1')).rejects.toThrow();
  });
});

describe('the boot', () => {
  const setup = {
    settings: () => ({ publicUrl: undefined, command: 'release' }),
    clock: { now: () => 0 },
    log: silentLog,
  };

  it.each([
    ['socket', { botTokens: [], appToken: 'xapp', signingSecrets: [] }],
    ['socket', { botTokens: ['xoxb'], appToken: null, signingSecrets: ['s'] }],
    ['http', { botTokens: ['xoxb'], appToken: 'xapp', signingSecrets: [] }],
  ] as const)('row 5: stops for %s without its secret', (transport, secrets) => {
    const options = SlackOptions.parse({ transport });
    expect(() => createSlack({ ...setup, options, secrets })).toThrow(/SIGNALBOX_SLACK/);
  });

  it.each(['socket', 'http'] as const)(
    'makes a manifest within the limits of Slack, for %s',
    (transport) => {
      const made = manifest({
        commands: Object.values(commands),
        command: 'release',
        publicUrl: 'https://s.example',
        options: { transport, path: '/slack/events' },
      });
      const features = made['features'];
      const [slash] =
        isJson(features) && Array.isArray(features['slash_commands'])
          ? features['slash_commands']
          : [];
      expect(slash.usage_hint.length).toBeLessThanOrEqual(1000);
      expect(slash.should_escape).toBe(true);
      expect(JSON.stringify(made).includes('https://s.example/slack/events')).toBe(
        transport === 'http',
      );
    },
  );
});
