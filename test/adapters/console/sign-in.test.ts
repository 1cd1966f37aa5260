import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Console, createConsole } from '#adapters/console/index.ts';
import { createMemoryStore } from '#adapters/memory/store.ts';
import type { Account } from '#core/people.ts';
import { Settings } from '#core/settings/settings.ts';
import type { Store } from '#ports/store.ts';
import { type Issuer, startIssuer } from './issuer.ts';
import { createStory } from './town/story.ts';
import { createTown, createTownClock, crypto, quiet, random } from './town/town.ts';
import { createTownGateway } from './town/town-gateway.ts';
import { createTownReader } from './town/town-reader.ts';
import { townSettings } from './town/town-settings.ts';
import { createWanderer, type Wanderer } from './wanderer.ts';

const clientSecret = 'the secret of the client at its issuer';
const Session = z.object({
  me: z.object({ user: z.string(), name: z.string() }),
  by: z.string(),
  csrf: z.string(),
  personas: z.array(z.unknown()),
  channels: z.array(z.object({ id: z.string() })),
});
const approvers = {
  kind: 'channel',
  platform: 'console',
  tenant: 'console',
  channel: 'approvers',
} as const;

describe('sign-in through an OpenID Connect issuer', () => {
  let issuer: Issuer;
  let web: Console;
  let store: Store;

  beforeAll(async () => {
    const port = await freePort();
    issuer = await startIssuer(`http://127.0.0.1:${port}/auth/callback`, clientSecret);
    issuer.groups.set('grace', ['release-approvers', 'staff']);
    const clock = { now: () => Date.now() };
    store = createMemoryStore({ clock }).store;
    const town = createTown(createTownClock(Date.now()));
    web = createConsole({
      settings: () => settingsFor(issuer.url),
      ...{ store, clock, crypto, random, log: quiet, port },
      probes: { ready: async () => ({ ready: true, checks: {} }), metricsText: async () => '' },
      demo: false,
      oidcSecret: clientSecret,
      stateDirectory: null,
      apiTokens: [],
    });
    await web.start(createTownGateway(town, createStory(town)), createTownReader(town));
  });
  afterAll(async () => {
    await web.close();
    await issuer.close();
  });

  async function sessionOf(who: Wanderer) {
    return Session.parse(await (await who.get(`${web.url()}/api/session`)).json());
  }

  it('knows nobody who has not signed in, and offers no personas', async () => {
    const stranger = createWanderer();
    const refused = await stranger.get(`${web.url()}/api/session`);
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ refusal: { code: 'access.unauthenticated' } });
    expect(stranger.cookie('signalbox')).toBeUndefined();
  });

  it('brings somebody back as the issuer named them, with their groups as members', async () => {
    const grace = createWanderer();
    const page = await grace.wander(`${web.url()}/auth/sign-in?to=/board`, {
      login: 'grace',
      password: 'x',
    });
    expect([page.status, new URL(page.url).pathname]).toEqual([200, '/board']);
    const session = await sessionOf(grace);
    expect(session).toMatchObject({
      me: { user: 'grace', name: 'Grace Hopper' },
      by: 'oidc',
      personas: [],
    });
    expect(session.channels.map(({ id }) => id)).toContain('approvers');
    const asked = await web.directory.membership(approvers, account('grace'), true);
    expect(asked).toMatchObject({ answer: 'yes' });
    expect(asked.evidence).toContain('holder of group release-approvers');
  });

  it('gives no rights to who is in no group', async () => {
    const mallory = createWanderer();
    await mallory.wander(`${web.url()}/auth/sign-in`, { login: 'mallory', password: 'x' });
    const session = await sessionOf(mallory);
    expect(session.channels.map(({ id }) => id)).not.toContain('approvers');
    expect(await web.directory.membership(approvers, account('mallory'), true)).toMatchObject({
      answer: 'no',
      because: 'not_member',
    });
  });

  it('does not let a persona be chosen', async () => {
    const grace = createWanderer();
    await grace.wander(`${web.url()}/auth/sign-in`, { login: 'grace', password: 'x' });
    const { csrf } = await sessionOf(grace);
    const refused = await grace.post(
      `${web.url()}/api/session/persona`,
      { user: 'linus' },
      { origin: web.url(), 'x-signalbox-csrf': csrf },
    );
    expect(refused.status).toBe(403);
  });

  it.each([
    ['without the cookie of the flow', 'forget'],
    ['with a forged state', 'state'],
    ['with a made-up code', 'code'],
  ])('lets nobody in %s', async (_name, what) => {
    const mallory = createWanderer();
    const left = await mallory.get(`${web.url()}/auth/sign-in`);
    const asked = new URL(left.headers.get('location') ?? '');
    const query = new URLSearchParams({
      code: 'made-up',
      state: what === 'state' ? 'forged' : (asked.searchParams.get('state') ?? ''),
      iss: issuer.url,
    });
    if (what === 'forget') mallory.forget('signalbox-sign-in');
    const back = await mallory.get(`${web.url()}/auth/callback?${query}`);
    expect(back.headers.get('location')).toBe('/?sign-in=failed');
    expect(mallory.cookie('signalbox')).toBeUndefined();
    expect((await mallory.get(`${web.url()}/api/session`)).status).toBe(401);
  });

  it.each(['//evil.example', 'https://evil.example', '/\\evil.example'])(
    'does not lead on to %s',
    async (to) => {
      const grace = createWanderer();
      const query = new URLSearchParams({ to });
      const page = await grace.wander(`${web.url()}/auth/sign-in?${query}`, {
        login: 'grace',
        password: 'x',
      });
      expect(new URL(page.url).origin).toBe(web.url());
      expect(new URL(page.url).pathname).toBe('/');
    },
  );
});

function settingsFor(issuer: string): Settings {
  settingsByIssuer.set(
    issuer,
    settingsByIssuer.get(issuer) ??
      Settings.parse({
        ...townSettings,
        platforms: {
          console: {
            options: {
              oidc: { issuer, clientId: 'signalbox' },
              channels: {
                releases: { open: true },
                approvers: { groups: ['release-approvers'] },
              },
            },
          },
        },
      }),
  );
  return settingsByIssuer.get(issuer) ?? townSettings;
}

const settingsByIssuer = new Map<string, Settings>();

function account(user: string): Account {
  return { platform: 'console', tenant: 'console', user };
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
