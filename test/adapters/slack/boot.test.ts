import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type Running, start } from '../../../src/boot/start.ts';
import { loadConfiguration } from '../../../src/config.ts';
import { type SlackPeer, startSlackPeer } from '../../peers/slack/peer.ts';
import { signingSecret } from '../../peers/slack/people.ts';
import { seenMessage } from '../../peers/slack/seen.ts';
import { team } from '../../peers/slack/state.ts';
import { addChannel, addUser } from '../../peers/slack/world.ts';
import { freePort } from '../../servers.ts';
import { layDatabase } from '../pglite/temporary-pglite.ts';

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
