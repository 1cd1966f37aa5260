import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { examine, SlackOptions } from '#adapters/slack/index.ts';
import { scopeReasons } from '#adapters/slack/manifest.ts';
import { type Running, start } from '../../../src/boot/start.ts';
import { loadConfiguration } from '../../../src/config.ts';
import { type SlackPeer, startSlackPeer } from '../../peers/slack/peer.ts';
import { signingSecret } from '../../peers/slack/people.ts';
import { seenMessage } from '../../peers/slack/seen.ts';
import { team } from '../../peers/slack/state.ts';
import { addChannel, addUser } from '../../peers/slack/world.ts';
import { freePort } from '../../servers.ts';
import { layDatabase } from '../pglite/temporary-pglite.ts';
import { silentLog } from '../silent.ts';

let running: Running | null = null;
let peer: SlackPeer;
let folder = '';
afterEach(async () => {
  await running?.stop();
  running = null;
  await peer.close();
  await rm(folder, { recursive: true, force: true });
});

const settings = (transport: string) => `
version: 1
services:
  shop: { registry: box, environments: { staging: { waves: [[shop-staging]] } } }
environments:
  staging: { strategy: quick, channel: releases }
targets: { shop-staging: { adapter: sandbox } }
registries: { box: { adapter: sandbox } }
strategies: { quick: { kind: rolling } }
channels: { releases: { slack: { tenant: ${team}, channel: CREL } } }
roles:
  engineer:
    may: [view, deploy]
    from: [{ kind: channel, platform: slack, tenant: ${team}, channel: CENG }]
platforms:
  slack: { options: { transport: ${transport}, api: "${peer.api}" } }
`;

it.each(['socket', 'http'] as const)(
  'serves people in Slack after a boot, by %s',
  async (transport) => {
    peer = await startSlackPeer();
    addUser(peer, 'UADA');
    addChannel(peer, 'CREL', ['UADA']);
    addChannel(peer, 'CENG', ['UADA']);
    folder = await mkdtemp(join(tmpdir(), 'signalbox-slack-'));
    await layDatabase(join(folder, 'data'));
    const file = join(folder, 'signalbox.yaml');
    await writeFile(file, settings(transport));
    const port = await freePort();
    const loaded = loadConfiguration({
      folder,
      variables: {
        SIGNALBOX_CONFIG: file,
        SIGNALBOX_DATA: join(folder, 'data'),
        SIGNALBOX_PORT: String(port),
        SIGNALBOX_LOG: 'silent',
        SIGNALBOX_SLACK_BOT_TOKEN: 'xoxb-peer-token',
        SIGNALBOX_SLACK_APP_TOKEN: 'xapp-peer-token',
        SIGNALBOX_SLACK_SIGNING_SECRET: signingSecret,
      },
    });
    if (!loaded.ok) throw new Error(loaded.report);
    running = await start(loaded.value, { serve: true, work: true });
    const url = `http://127.0.0.1:${port}`;
    if (transport === 'http') peer.through({ kind: 'http', url: `${url}/slack/events` });
    await peer.people.command('UADA', 'whoami', 'CREL');
    const told = () => peer.state.whispers.map((one) => seenMessage(one).text).join();
    await expect.poll(told, { timeout: 10_000 }).toContain('engineer');
    if (transport === 'socket') return;
    // One canonical route, nothing before the signature, and a bound on what is read.
    const post = (path: string, body: string) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
    expect((await post('/slack/events', '{}')).status).toBe(401);
    expect((await post('/slack/events', 'x'.repeat(2_000_000))).status).toBe(413);
    for (const path of ['//slack/events', '/slack%2fevents', '/slack/events/', '/SLACK/events']) {
      expect([path, (await post(path, '{}')).status >= 400]).toEqual([path, true]);
    }
  },
  60_000,
);

/** What the command line says and how it ends, as somebody runs it. */
function signalbox(
  words: readonly string[],
  more: Readonly<Record<string, string>>,
): Promise<{ readonly code: number; readonly said: string }> {
  return new Promise((resolve) => {
    const { PATH, NODE_COMPILE_CACHE } = process.env;
    const env = { PATH, NODE_COMPILE_CACHE, SIGNALBOX_DATA: join(folder, 'data'), ...more };
    execFile(process.execPath, ['src/main.ts', ...words], { env }, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : 0;
      resolve({ code, said: `${stdout}${stderr}` });
    });
  });
}

it('prints the manifest and examines Slack from the command line', async () => {
  const [present] = [Object.keys(scopeReasons)];
  peer = await startSlackPeer({ scopes: present.filter((scope) => scope !== 'im:write') });
  addChannel(peer, 'CREL', [], { without: true, public: true });
  addChannel(peer, 'CENG', []);
  folder = await mkdtemp(join(tmpdir(), 'signalbox-slack-'));
  const file = join(folder, 'signalbox.yaml');
  await writeFile(file, settings('socket'));
  const tokens = {
    SIGNALBOX_CONFIG: file,
    SIGNALBOX_SLACK_BOT_TOKEN: 'xoxb-peer-token',
    SIGNALBOX_SLACK_APP_TOKEN: 'xapp-peer-token',
  };
  const [printed, examined] = await Promise.all([
    signalbox(['slack', 'manifest'], { SIGNALBOX_CONFIG: file }),
    signalbox(['doctor', 'slack'], tokens),
  ]);
  expect(printed.code).toBe(0);
  const made: unknown = JSON.parse(printed.said);
  expect(made).toMatchObject({
    features: { slash_commands: [{ command: '/release', should_escape: true }] },
    oauth_config: { scopes: { bot: present } },
    settings: { socket_mode_enabled: true, interactivity: { is_enabled: true } },
  });
  expect(examined.code).toBe(1);
  expect(examined.said).toContain('ok    bot token 1 works in T0000001');
  expect(examined.said).toContain('ok    Socket Mode opens');
  expect(examined.said).toContain('ok    channel CENG may grant roles');
  expect(examined.said).toMatch(/fix {3}channel CREL takes cards\n +Invite the app/);
  expect(examined.said).toMatch(/im:write.*Reinstall to Workspace/);

  const bare = await examine({
    options: SlackOptions.parse({ api: peer.api }),
    secrets: { botTokens: [], appToken: null, signingSecrets: [] },
    channels: [],
    grants: [],
    now: Date.now,
    log: silentLog,
  });
  const fixes = bare.filter(({ well }) => !well).map(({ fix }) => fix);
  expect(fixes.join('\n')).toMatch(/SLACK_APP_TOKEN.*\n.*SLACK_BOT_TOKEN/);
}, 30_000);
