import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Console } from '#adapters/console/index.ts';
import type { Account } from '#core/people.ts';
import { type Guarded, openGuarded } from './guarded.ts';
import type { Issuer } from './issuer.ts';
import { createWanderer, type Wanderer } from './wanderer.ts';

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
  let guarded: Guarded;
  let web: Console;
  let issuer: Issuer;

  beforeAll(async () => {
    guarded = await openGuarded();
    ({ web, issuer } = guarded);
  });
  afterAll(() => guarded.close());

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

  it('ends a session for good: a copy of its cookie is worth nothing, in any process', async () => {
    const [grace, elsewhere, mallory] = [createWanderer(), createWanderer(), createWanderer()];
    for (const one of [grace, elsewhere]) {
      await one.wander(`${web.url()}/auth/sign-in`, { login: 'grace', password: 'x' });
    }
    const stolen = { cookie: `signalbox=${grace.cookie('signalbox') ?? ''}` };
    const board = async (headers: Readonly<Record<string, string>>) =>
      (await fetch(`${web.url()}/api/board`, { headers })).status;
    expect(await board(stolen)).toBe(200);
    const stream = await fetch(`${web.url()}/api/stream`, { headers: stolen });
    const told = stream.text();

    const leave = async (who: Wanderer, body: object) =>
      who.post(`${web.url()}/api/session/end`, body, {
        origin: web.url(),
        'x-signalbox-csrf': (await sessionOf(who)).csrf,
      });
    expect((await leave(grace, {})).status).toBe(204);
    expect(grace.cookie('signalbox')).toBeUndefined();
    expect(await board(stolen)).toBe(401);
    const place = { platform: 'console', tenant: 'console', channel: 'releases', thread: null };
    const block = { kind: 'text', line: ['after she left'] } as const;
    const view = { tone: 'neutral', title: '', summary: 'x', blocks: [block] } as const;
    await web.platform.post(place, view, 'after-she-left');
    expect(await told).not.toContain('after she left');

    const twin = await guarded.twin();
    const other = await fetch(`${twin.url()}/api/board`, { headers: stolen });
    expect(other.status).toBe(401);
    const kept = { cookie: `signalbox=${elsewhere.cookie('signalbox') ?? ''}` };
    expect(await board(kept)).toBe(200);
    await mallory.wander(`${web.url()}/auth/sign-in`, { login: 'mallory', password: 'x' });
    expect((await leave(elsewhere, { everywhere: true })).status).toBe(204);
    expect(await board(kept)).toBe(401);
    expect((await mallory.get(`${web.url()}/api/board`)).status).toBe(200);
    await grace.wander(`${web.url()}/auth/sign-in`, { login: 'grace', password: 'x' });
    expect((await grace.get(`${web.url()}/api/board`)).status).toBe(200);
    await twin.close();
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

function account(user: string): Account {
  return { platform: 'console', tenant: 'console', user };
}
