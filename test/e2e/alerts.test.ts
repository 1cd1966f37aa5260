import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { firingGroups } from '#app/alerts/alert-stream.ts';
import { type Running, start } from '#boot/start.ts';
import { loadConfiguration } from '#config.ts';
import type { Suspect } from '#core/alerts/events.ts';
import type { Trouble } from '#core/alerts/watch.ts';
import type { FiguresReport } from '#core/figures/report.ts';
import type { Button, View } from '#core/message.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { Reply } from '#ports/gateway.ts';
import { layDatabase } from '../adapters/pglite/temporary-pglite.ts';
import {
  freePort,
  type RunningServer,
  requireServer,
  startAlertmanager,
  startPrometheus,
} from '../servers.ts';

const installed = requireServer('prometheus') && requireServer('alertmanager');

const alertToken = 'the-token-of-the-alert-webhook';
const tokenOf = (user: string): string => `sbx_${user.padEnd(24, '0')}`;

const stages = [{ weight: 50, for: 3 }];
const settings = {
  version: 1,
  services: {
    shop: {
      registry: 'demo',
      runbook: 'https://runbooks.example/shop',
      environments: { production: { waves: [['production']] } },
    },
  },
  environments: {
    production: { production: true, strategy: 'canary', analysis: 'web', channel: 'releases' },
  },
  strategies: { canary: { kind: 'canary', options: { stages, keep: 0 } } },
  analyses: {
    web: {
      source: 'sandbox',
      every: '1s',
      minimum: { points: 1, requests: 10 },
      metrics: [
        {
          name: 'errors',
          type: 'ratio',
          query: { template: 'http-errors' },
          floor: { absolute: 0.1 },
        },
      ],
    },
  },
  targets: {
    production: {
      adapter: 'sandbox',
      options: { instances: 1, requestsPerSecond: 30, restingRequestsPerSecond: 10 },
    },
  },
  registries: { demo: { adapter: 'sandbox' } },
  metrics: { sandbox: { adapter: 'sandbox', options: { scrapeMs: 250 } } },
  channels: { releases: { console: 'releases' }, 'on-call': { console: 'on-call' } },
  roles: {
    engineer: {
      may: ['view', 'deploy', 'advance', 'abort'],
      from: [{ kind: 'people', people: ['ada'] }],
    },
    'on-call': {
      may: ['view', 'rollback', 'abort'],
      from: [{ kind: 'people', people: ['linus'] }],
    },
  },
  people: Object.fromEntries(
    ['ada', 'linus'].map((user) => [
      user,
      { name: user, accounts: [{ platform: 'console', tenant: 'console', user }] },
    ]),
  ),
  platforms: {
    console: { options: { channels: { releases: { open: true }, 'on-call': { open: true } } } },
  },
  alerts: {
    channel: 'on-call',
    receivers: ['signalbox'],
    rules: [{ match: { job: 'shop-*' }, service: 'shop' }],
  },
};

/**
 * Visits the shop at each scrape, and counts what it got: what people would have got. Until
 * `noticed` nothing is counted as bad: an alert that came while the rollout ends would pause it.
 */
function startProbe(
  shop: () => string,
  noticed: () => boolean,
): Promise<{ server: Server; address: string }> {
  const counts = { good: 0, bad: 0 };
  const server = createServer((_request, response) => {
    const visits = Array.from({ length: 20 }, async () => {
      const answer = await fetch(shop()).catch(() => null);
      await answer?.text();
      counts[answer?.ok === true || !noticed() ? 'good' : 'bad'] += 1;
    });
    void Promise.all(visits).then(() => {
      response.end(`probe_good_total ${counts.good}\nprobe_bad_total ${counts.bad}\n`);
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const at = server.address();
      if (at === null || typeof at === 'string') throw new Error('no address');
      resolve({ server, address: `127.0.0.1:${at.port}` });
    });
  });
}

const closing: (() => unknown)[] = [];
let running: Running;

/** Patient: the machine may be busy with other things. */
async function until<T>(what: string, look: () => Promise<T | null>, seconds = 90): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (performance.now() > end) throw new Error(`Nothing came of: ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 250);
    });
  }
}

async function api<T>(user: string, path: string, form: z.ZodType<T>, body?: object): Promise<T> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const headers = {
    authorization: `Bearer ${tokenOf(user)}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const answer = await fetch(`${running.url}${path}`, { ...init, headers });
  if (!answer.ok) throw new Error(`${path} answers ${answer.status}: ${await answer.text()}`);
  return form.parse(await answer.json());
}

const AnyReply = z.custom<Reply>();
const Messages = z.object({ messages: z.array(z.object({ view: z.custom<View>() })) });

function command(user: string, text: string): Promise<Reply> {
  return api(user, '/api/commands', AnyReply, { id: randomUUID(), text });
}

function press(user: string, token: string): Promise<Reply> {
  const body = { id: randomUUID(), message: null, token, input: null };
  return api(user, '/api/actions', AnyReply, body);
}

async function ended(id: string): Promise<RolloutState | null> {
  const form = z.object({ state: z.custom<RolloutState>() });
  const { state } = await api('ada', `/api/rollouts/${id}`, form);
  if (state.phase === 'stuck') throw new Error(`${id} is stuck: ${state.stuck}`);
  if (state.phase === 'paused') throw new Error(`${id} is paused: ${state.pause?.detail}`);
  return state.endedAt === null ? null : state;
}

/** The messages of the channel for alerts, newest first. */
async function alertCards(): Promise<readonly View[]> {
  const { messages } = await api('linus', '/api/messages?channel=on-call', Messages);
  return messages.map(({ view }) => view);
}

async function alertCard(): Promise<View | null> {
  return (await alertCards())[0] ?? null;
}

/** The suspect of the alert, once how it stood before is measured. */
async function measured(): Promise<Suspect | null> {
  const [group] = await running.core.world.store.transact((tx) => firingGroups(tx));
  const suspect = group?.suspects[0] ?? null;
  return suspect?.health?.turnedAt == null ? null : suspect;
}

function buttons(view: View | null): readonly Button[] {
  return (view?.blocks ?? []).flatMap((one) => (one.kind === 'buttons' ? one.buttons : []));
}

beforeAll(async () => {
  if (!installed) return;
  const home = mkdtempSync(join(tmpdir(), 'signalbox-alerts-'));
  closing.push(() => rmSync(home, { recursive: true, force: true }));
  const port = await freePort();
  const watch = { adapter: 'prometheus', options: { url: `http://127.0.0.1:${port}`, timeout: 5 } };
  const all = { ...settings, metrics: { ...settings.metrics, watch } };
  writeFileSync(join(home, 'signalbox.yaml'), JSON.stringify(all));
  const lines = ['ada', 'linus'].map(
    (user) => `${user}:${createHash('sha256').update(tokenOf(user)).digest('hex')}`,
  );
  await layDatabase(join(home, 'data'));
  const loaded = loadConfiguration({
    folder: home,
    variables: {
      SIGNALBOX_DATA: join(home, 'data'),
      SIGNALBOX_PORT: '0',
      SIGNALBOX_LOG: 'silent',
      SIGNALBOX_ALERT_TOKEN: alertToken,
      SIGNALBOX_API_TOKENS: lines.join('\n'),
    },
  });
  if (!loaded.ok) throw new Error(loaded.report);
  running = await start(loaded.value, { serve: true, work: true });
  closing.push(() => running.stop());
  const probe = await startProbe(
    () => shopUrl,
    () => isLive,
  );
  closing.push(() => probe.server.close());
  const webhook = { url: `${running.url}/webhooks/alertmanager`, token: alertToken };
  const pair = await Promise.all([startAlertmanager(webhook), startAlertmanager(webhook)]);
  const looks = await until(
    'the shop',
    async () => (await running.core.delivery.looks())[0] ?? null,
  );
  shopUrl = looks.url;
  // It takes some seconds to take up its targets: the release goes out meanwhile.
  measuring = startPrometheus({
    port,
    scrapeEvery: '1s',
    targets: [{ address: probe.address, labels: { job: 'shop-probe' } }],
    alerts: {
      to: pair.map(({ address }) => address),
      rules: [
        {
          alert: 'ShopErrors',
          // Scrapes of a busy machine may be late: what rings must not stop for want of them.
          expr: 'rate(probe_bad_total[8s]) / (rate(probe_bad_total[8s]) + rate(probe_good_total[8s])) > 0.1',
          labels: { severity: 'critical', release: 'other-99' },
          annotations: {
            summary: '{{ $value | humanizePercentage }} of the visits fail',
            runbook_url: 'https://runbooks.example/errors',
          },
        },
      ],
    },
  });
  closing.push(...pair.map(({ stop }) => stop));
  closing.push(async () => (await measuring)?.stop());
}, 60_000);
let shopUrl = '';
let isLive = false;
let measuring: Promise<RunningServer> | null = null;

afterAll(async () => {
  for (const close of closing.toReversed()) await close();
}, 30_000);

it.skipIf(!installed)(
  'a release turns bad at 100 %, the alert arrives, on-call goes back from its thread, and the figures tell',
  async () => {
    const asked = await command('ada', 'deploy shop v9 to production');
    const id = asked.rollout ?? '';
    const live = await until('the release', () => ended(id));
    expect(live.phase).toBe('succeeded');
    isLive = true;
    expect(live.looks.length).toBeGreaterThan(0);
    expect(live.looks.every(({ judgement }) => judgement.action !== 'roll_back')).toBe(true);

    await measuring;
    const card = await until('the alert', alertCard);
    expect(card.title).toBe('ShopErrors: shop in production');
    expect(JSON.stringify(card)).toContain('of the visits fail');
    expect(JSON.stringify(card)).toContain('https://runbooks.example/errors');
    expect(JSON.stringify(card)).not.toContain('other-99');
    const [back] = buttons(card);
    expect(back?.label).toBe('Roll back shop to v1');

    // The rule itself tells when it turned: with all of the traffic, not before.
    const suspect = await until('what was measured', measured);
    expect(suspect.rollout).toBe(id);
    expect(suspect.health).toMatchObject({ by: 'by ShopErrors in watch' });
    expect(suspect.health?.before).not.toBe('unhealthy');
    expect(suspect.health?.turnedAt ?? 0).toBeGreaterThan(suspect.trafficAt);

    const token = back?.token ?? '';
    expect((await press('ada', token)).refusal?.code).toBe('access.missing_role');
    const pressed = await press('linus', token);
    expect(pressed.refusal).toBeNull();
    const way = await until('the way back', () => ended(pressed.rollout ?? ''));
    expect(way).toMatchObject({
      phase: 'succeeded',
      intent: 'rollback',
      artifact: { version: 'v1' },
    });

    const over = await until('the end of the alert', async () => {
      const now = await alertCard();
      return now?.tone === 'success' ? now : null;
    });
    expect(buttons(over)).toEqual([]);
    // Both Alertmanagers told of all of it: one thread, one episode.
    expect(await alertCards()).toHaveLength(1);
    const events = await running.core.world.store.transact((tx) =>
      tx.events({ streamPrefix: 'alert:' }),
    );
    const kinds = events.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'episode.opened')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'alert.fired')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'episode.closed')).toHaveLength(1);

    const form = z.object({ troubles: z.array(z.custom<Trouble>()) });
    const { troubles } = await api('linus', `/api/rollouts/${id}`, form);
    expect(troubles).toMatchObject([{ name: 'ShopErrors', fails: true, clearedBy: null }]);
    const figures = await api('linus', '/api/figures?days=1', z.custom<FiguresReport>());
    expect(figures.now).toMatchObject({
      deployments: { value: 1 },
      changeFailRate: { value: 1, n: 1 },
      alertsLinked: { value: 1 },
      caughtInCanary: { value: 0 },
      recoveryTime: { n: 1 },
    });
    expect(figures.deployments[0]?.failure?.kind).toMatch(/^(alert|rolled_back)$/);
  },
  300_000,
);
