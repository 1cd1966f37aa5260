import { mkdtemp, readFile, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createConsole } from '#adapters/console/index.ts';
import { makeToken, parseTokens } from '#adapters/console/tokens.ts';
import { createMemoryStore } from '#adapters/memory/store.ts';
import type { View } from '#core/message.ts';
import { become, listen, type Person } from './person.ts';
import { createStory } from './town/story.ts';
import {
  createTown,
  createTownClock,
  crypto,
  quiet,
  random,
  releases,
  type Town,
} from './town/town.ts';
import { createTownGateway } from './town/town-gateway.ts';
import { createTownReader } from './town/town-reader.ts';
import { townSettings } from './town/town-settings.ts';

const Page = z.object({
  messages: z.array(z.object({ id: z.number(), onlyFor: z.string().nullable() })),
});
const At = z.object({ at: z.object({ change: z.number(), ledger: z.number() }) });
const Session = z.object({ channels: z.array(z.object({ id: z.string() })) });
const Answer = z.object({ refusal: z.object({ code: z.string() }).nullable() });
const seven = Date.UTC(2026, 10, 21, 7);

describe('the server of the console', () => {
  let town: Town;
  let url: string;
  let ada: Person;
  let grace: Person;
  let folder: string;
  const heard: { body?: Uint8Array; path?: string } = {};

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-console-'));
    town = createTown(createTownClock(seven), { stateDirectory: folder });
    town.console.http.route({
      method: 'POST',
      path: '/hooks/test',
      limitBytes: 1000,
      handle: async ({ body, path }) => {
        heard.body = body;
        heard.path = path;
        return { status: 202, body: 'taken' };
      },
    });
    const story = createStory(town);
    await town.console.start(createTownGateway(town, story), createTownReader(town));
    url = town.console.url();
    ada = await become(url, 'ada');
    grace = await become(url, 'grace');
  });
  afterAll(() => town.console.close());

  describe('who may ask', () => {
    it.each([
      '/api/messages?channel=releases',
      '/api/board',
      '/api/rollouts',
      '/api/stream',
      '/api/figures',
      '/api/figures/releases.csv',
    ])('tells a stranger nothing of %s', async (path) => {
      const response = await fetch(`${url}${path}`);
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({
        refusal: { code: 'access.unauthenticated' },
      });
    });

    it.each([
      ['no token', () => ({ origin: url })],
      ['no origin', () => ({ 'x-signalbox-csrf': ada.headers['x-signalbox-csrf'] ?? '' })],
      ['the origin of another site', () => ({ ...ada.headers, origin: 'http://evil.example' })],
      ['the token of another session', () => grace.headers],
    ])('changes nothing for a request with %s', async (_name, headers) => {
      const body = { id: 'forged-12345', text: 'status' };
      const response = await ada.wanderer.post(`${url}/api/commands`, body, headers());
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ refusal: { code: 'request.bad_signature' } });
    });

    it.each(['evil.example', '127.0.0.1', 'localhost:1', '127.0.0.1.evil.example'])(
      'does not answer under the name %s',
      async (host) => {
        expect(await statusUnder(host, '/api/session')).toBe(421);
        expect(await statusUnder(host, '/')).toBe(421);
      },
    );

    it('takes no cookie that it did not sign', async () => {
      const payload = Buffer.from(
        JSON.stringify({ user: 'grace', name: 'G', by: 'persona', nonce: 'n', expiresAt: 9e15 }),
      ).toString('base64url');
      for (const cookie of [`${payload}.${'0'.repeat(64)}`, payload, '.', 'a.b.c']) {
        const response = await fetch(`${url}/api/board`, {
          headers: { cookie: `signalbox=${cookie}` },
        });
        expect(response.status).toBe(401);
      }
    });

    it('ends a session when its time is over', async () => {
      const late = createTown(createTownClock(seven));
      await late.console.start(createTownGateway(late, createStory(late)), createTownReader(late));
      const person = await become(late.console.url(), 'ada');
      expect((await person.get('/api/board')).status).toBe(200);
      late.clock.pass(8 * 3600 + 1);
      expect((await person.get('/api/board')).status).toBe(401);
      await late.console.close();
    });

    it('keeps cookies from scripts and from other sites', async () => {
      const response = await fetch(`${url}/api/session`);
      const cookie = response.headers.get('set-cookie') ?? '';
      expect(cookie).toMatch(/^signalbox=/);
      expect(cookie).toMatch(/HttpOnly/);
      expect(cookie).toMatch(/SameSite=Lax/);
    });

    it('offers personas on loopback only', () => {
      const { store } = createMemoryStore({ clock: town.clock });
      const probes = {
        ready: async () => ({ ready: true, checks: {} }),
        metricsText: async () => '',
      };
      const setup = { settings: () => townSettings, store, clock: town.clock, crypto, random };
      expect(() =>
        createConsole({
          ...{ ...setup, log: quiet, probes, stateDirectory: null, apiTokens: [] },
          demo: true,
          host: '0.0.0.0',
        }),
      ).toThrow(/loopback/);
    });
  });

  describe('tokens', () => {
    it('lets the bearer of a persona token act without a cookie, as that persona', async () => {
      const file = join(folder, 'console.json');
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      const { tokens } = JSON.parse(await readFile(file, 'utf8'));
      const headers = { authorization: `Bearer ${tokens.grace}` };
      const session = await fetch(`${url}/api/session`, { headers });
      expect(await session.json()).toMatchObject({ me: { user: 'grace' }, by: 'token' });
      expect(session.headers.get('set-cookie')).toBeNull();
      const wrong = await fetch(`${url}/api/board`, {
        headers: { authorization: `Bearer ${tokens.grace}x` },
      });
      expect(wrong.status).toBe(401);
    });

    it('does not fall back to the cookie when the token is wrong', async () => {
      const response = await ada.wanderer.get(`${url}/api/board`, {
        authorization: 'Bearer sbx_00000000000000000000000000',
      });
      expect(response.status).toBe(401);
    });

    it('keeps hashes, and reads them from lines', () => {
      const { token, line } = makeToken('ada', random, crypto);
      expect(line).not.toContain(token);
      expect(parseTokens(`# people\n\n${line}\n`)).toEqual([
        { user: 'ada', sha256: crypto.sha256(token) },
      ]);
      expect(() => parseTokens('ada:short')).toThrow(/Line 1/);
    });
  });

  describe('what one may see', () => {
    it('shows an answer to a person alone to nobody else, by list, by id, or in the stream', async () => {
      const following = listen(grace, url, (events) =>
        events.some(({ data }) => data.includes('a talk')),
      );
      await ada.post('/api/commands', {
        id: 'secret-1234',
        channel: 'releases',
        text: 'deploy nope v9',
      });
      await ada.post('/api/messages', talk('releases', 'a talk to all'));
      const own = await ada.get('/api/messages?channel=releases');
      expect(await own.text()).toContain('service.unknown');
      const other = await grace.get('/api/messages?channel=releases');
      expect(await other.text()).not.toContain('service.unknown');
      const { messages } = Page.parse(
        await (await ada.get('/api/messages?channel=releases')).json(),
      );
      const hidden = messages.find(({ onlyFor }) => onlyFor === 'ada');
      expect((await grace.get(`/api/messages/${hidden?.id}`)).status).toBe(404);
      expect((await ada.get(`/api/messages/${hidden?.id}`)).status).toBe(200);
      const events = await following;
      expect(events.map(({ data }) => data).join()).not.toContain('service.unknown');
    });

    it('keeps a channel to its members', async () => {
      expect((await grace.post('/api/messages', talk('approvers', 'among us'))).status).toBe(200);
      expect((await ada.get('/api/messages?channel=approvers')).status).toBe(404);
      expect((await ada.post('/api/messages', talk('approvers', 'let me in'))).status).toBe(404);
      const { channels } = Session.parse(await (await ada.get('/api/session')).json());
      expect(channels.map(({ id }) => id)).toEqual([
        'releases',
        'incidents',
        'engineers',
        'dm:ada',
      ]);
      expect((await grace.get('/api/messages?channel=dm:ada')).status).toBe(404);
    });

    it('shows talk as text, without what cannot be seen', async () => {
      const typed = 'hello \u202Edlrow\u0007 <b>@grace</b> @nobody';
      const posted = await (await ada.post('/api/messages', talk('releases', typed))).json();
      expect(posted).toMatchObject({
        view: {
          blocks: [
            {
              kind: 'text',
              line: [
                'hello dlrow <b>',
                { kind: 'person', account: account('grace'), name: 'Grace Hopper' },
                '</b> @nobody',
              ],
            },
          ],
        },
      });
    });
  });

  describe('commands', () => {
    it('runs a repeated one once, and says so', async () => {
      const body = { id: 'repeated-1', channel: 'incidents', text: '/release status' };
      expect(await codeOf(ada.post('/api/commands', body))).toBeNull();
      expect(await codeOf(ada.post('/api/commands', body))).toBe('command.duplicate');
      const { messages } = Page.parse(
        await (await ada.get('/api/messages?channel=incidents')).json(),
      );
      expect(messages).toHaveLength(2);
    });

    it('does not take a delivery id of one person for that of another', async () => {
      const body = { id: 'shared-id-1', text: 'status' };
      expect(await codeOf(ada.post('/api/commands', body))).toBeNull();
      expect(await codeOf(grace.post('/api/commands', body))).toBeNull();
    });

    it.each([
      ['not JSON', 'text/plain', 'hello', 400],
      ['broken JSON', 'application/json', '{"id":', 400],
      ['the wrong shape', 'application/json', '{"id":"x"}', 400],
      ['far too much', 'application/json', `{"text":"${'x'.repeat(70_000)}"}`, 413],
    ])('refuses %s', async (_name, type, body, status) => {
      const response = await fetch(`${url}/api/commands`, {
        method: 'POST',
        body,
        headers: {
          ...ada.headers,
          'content-type': type,
          cookie: `signalbox=${ada.wanderer.cookie('signalbox') ?? ''}`,
        },
      });
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ refusal: { code: expect.any(String) } });
    });
  });

  describe('the stream', () => {
    it('says where it stands, and resumes after the last event that was heard', async () => {
      const posted = (text: string) => town.console.platform.post(releases, saying(text), text);
      const has = (text: string) => (events: readonly { data: string }[]) =>
        events.some(({ data }) => data.includes(text));
      const first = listen(ada, url, has('resume one'));
      await listen(ada, url, (events) => events.length > 0);
      await posted('resume one');
      const heardFirst = await first;
      expect(heardFirst[0]?.event).toBe('hello');
      const last = heardFirst.at(-1)?.id;
      await posted('resume two');
      await posted('resume three');
      const second = await listen(ada, url, has('resume three'), last);
      const messages = second.filter(({ event }) => event === 'message');
      expect(messages.map(({ data }) => /resume \w+/.exec(data)?.[0])).toEqual([
        'resume two',
        'resume three',
      ]);
    });

    it('begins where the session was read: nothing is missed, and nothing told that was seen', async () => {
      const { at } = At.parse(await (await ada.get('/api/session')).json());
      const from = (ledger: number) => `?after=${at.change}&ledger=${ledger}`;
      await town.console.platform.post(releases, saying('before the stream'), 'before');
      const has = (kind: string) => (events: readonly { event: string }[]) =>
        events.some(({ event }) => event === kind);
      const quiet = await listen(ada, url, has('message'), undefined, from(at.ledger));
      expect(quiet.map(({ event }) => event)).toEqual(['hello', 'message']);
      expect(quiet[1]?.data).toContain('before the stream');

      const by = { person: 'ada', account: account('ada'), displayName: 'Ada Lovelace' };
      const id = await createStory(town).request(by, 'search', 'staging', 'v4', 'v1');
      const news = await listen(ada, url, has('ledger'), undefined, from(at.ledger));
      expect(news.at(-1)?.data).toContain(`rollout:${id}`);
    });

    it('tells a reader from before a reset of the store to load again', async () => {
      const events = await listen(ada, url, (all) => all.length > 1, '999999999');
      expect(events.map(({ event }) => event)).toEqual(['hello', 'reset']);
    });
  });

  describe('what is served', () => {
    it('runs no script but its own', async () => {
      const page = await fetch(`${url}/c/releases`);
      const policy = page.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('unsafe');
      expect(policy).toContain("frame-ancestors 'none'");
      const html = await page.text();
      expect([...html.matchAll(/<script(?![^>]*src=)/g)]).toEqual([]);
      expect(html).not.toMatch(/ on\w+=| style=/);
    });

    it.each([
      '/assets/nothing/page/main.ts',
      '/assets/../package.json',
      '/assets/%2e%2e/%2e%2e/package.json',
      '/adapters/console/server.ts',
    ])('has nothing at %s', async (path) => {
      expect(await statusUnder(new URL(url).host, path)).toBe(404);
    });

    it('answers probes under any name, and hands raw bodies on as they came', async () => {
      expect(await statusUnder('10.0.0.7:8080', '/healthz')).toBe(200);
      expect(await statusUnder('10.0.0.7:8080', '/readyz')).toBe(200);
      expect(await statusUnder('10.0.0.7:8080', '/metrics')).toBe(200);
      const bytes = new Uint8Array([123, 0, 255, 32, 125]);
      const type = { 'content-type': 'application/json' };
      const hooks = `${url}/hooks/test?x=1`;
      const taken = await fetch(hooks, { method: 'POST', body: bytes, headers: type });
      expect([taken.status, await taken.text()]).toEqual([202, 'taken']);
      expect([...(heard.body ?? [])]).toEqual([...bytes]);
      expect(heard.path).toBe('/hooks/test');
      const large = await fetch(hooks, { method: 'POST', body: 'x'.repeat(1001), headers: type });
      expect(large.status).toBe(413);
    });

    it('limits how often one may ask, each for themselves', async () => {
      const hasty = createTown(createTownClock(seven));
      await hasty.console.start(
        createTownGateway(hasty, createStory(hasty)),
        createTownReader(hasty),
      );
      const person = await become(hasty.console.url(), 'ada');
      const statuses: number[] = [];
      for (let turn = 0; turn < 62; turn += 1) {
        const body = { id: `hasty-${turn}-000`, text: 'status' };
        statuses.push((await person.post('/api/commands', body)).status);
      }
      expect(statuses.filter((status) => status === 200)).toHaveLength(60);
      expect(statuses.at(-1)).toBe(429);
      const other = await become(hasty.console.url(), 'grace');
      const body = { id: 'calm-one-000', text: 'status' };
      expect((await other.post('/api/commands', body)).status).toBe(200);
      await hasty.console.close();
    });
  });

  function statusUnder(host: string, path: string): Promise<number> {
    const { port } = new URL(url);
    return new Promise((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, path, headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      asked.on('error', reject);
      asked.end();
    });
  }
});

async function codeOf(asked: Promise<Response>): Promise<string | null> {
  return Answer.parse(await (await asked).json()).refusal?.code ?? null;
}

let talks = 0;

function talk(channel: string, text: string) {
  talks += 1;
  return { id: `talk-number-${talks}`, channel, thread: null, text };
}

function saying(text: string): View {
  return { tone: 'neutral', title: '', summary: text, blocks: [{ kind: 'text', line: [text] }] };
}

function account(user: string) {
  return { platform: 'console', tenant: 'console', user };
}
