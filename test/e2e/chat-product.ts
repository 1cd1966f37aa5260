import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { readRollout } from '#app/rollout/trust-boundary.ts';
import { type Running, start } from '#boot/start.ts';
import { loadConfiguration } from '#config.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { settle, town } from '../adapters/discord/discord-world.ts';
import { findButton, pressButton } from '../adapters/discord/press.ts';
import { freshDatabase } from '../fresh-database.ts';
import { type DiscordPeer, startDiscordPeer } from '../peers/discord/peer.ts';
import { seenMessage } from '../peers/discord/seen.ts';
import { publicKeyHex } from '../peers/discord/signature.ts';
import { botToken, guild } from '../peers/discord/state.ts';
import { type SlackPeer, startSlackPeer } from '../peers/slack/peer.ts';
import { team } from '../peers/slack/state.ts';
import { addChannel, addUser } from '../peers/slack/world.ts';
import { freePort } from '../servers.ts';

/** Of the console, for a person who is on call there and nowhere else. */
const consoleToken = 'sbx_console0123456789abcdef';

const discordRole = (group: string) => ({
  kind: 'group',
  platform: 'discord',
  tenant: guild,
  group,
});

function settingsOf(discord: DiscordPeer, slack: SlackPeer, transport: 'gateway' | 'http') {
  const place = (channel: string) => ({ platform: 'slack', tenant: team, channel });
  const account = (platform: string, tenant: string, user: string) => ({ platform, tenant, user });
  const { grace, linus, ada, mallory } = town.people;
  const gates = [{ gate: 'approval', options: { role: 'approver', quorum: 2 } }];
  // Where somebody stops it, they have to find the button in time, however busy the machine is.
  const rollbackCountdown = transport === 'gateway' ? '15s' : '3s';
  const production = { production: true, channel: 'releases', gates, rollbackCountdown };
  return {
    version: 1,
    publicUrl: 'https://signalbox.example',
    services: {
      shop: { registry: 'box', environments: { production: { waves: [['box']] } } },
      api: { registry: 'box', environments: { plain: { waves: [['box']] } } },
    },
    environments: {
      production: { ...production, strategy: 'careful', analysis: 'web' },
      plain: { ...production, strategy: 'quick' },
    },
    strategies: {
      quick: { kind: 'rolling' },
      careful: {
        kind: 'canary',
        options: { capacityPercent: 100, stages: [{ weight: 50, for: '6s' }], keep: '0s' },
      },
    },
    analyses: {
      web: {
        source: 'box',
        every: '1s',
        minimum: { points: 3, requests: 60 },
        metrics: [
          {
            name: 'errors',
            type: 'ratio',
            unit: 'percent',
            query: { template: 'http-errors' },
            bad: 'up',
            critical: true,
            floor: { relative: 0.25, absolute: 0.01 },
          },
        ],
      },
    },
    targets: {
      box: {
        adapter: 'sandbox',
        // Nobody looks at what does not roll out.
        options: { instances: 1, requestsPerSecond: 60, restingRequestsPerSecond: 2 },
      },
    },
    registries: { box: { adapter: 'sandbox' } },
    metrics: { box: { adapter: 'sandbox' } },
    channels: {
      releases: {
        console: 'releases',
        slack: { tenant: team, channel: 'CREL' },
        discord: { tenant: guild, channel: town.releases },
      },
    },
    roles: {
      engineer: {
        may: ['view', 'deploy', 'abort', 'rollback', 'lock', 'unlock-others', 'link'],
        from: [{ kind: 'channel', ...place('CENG') }, discordRole(town.engineerRole)],
      },
      approver: {
        may: ['view', 'approve', 'link'],
        from: [{ kind: 'channel', ...place('CAPP') }, discordRole(town.approverRole)],
      },
      'on-call': {
        may: ['view', 'rollback'],
        from: [{ kind: 'people', people: ['linus'] }],
      },
    },
    people: {
      grace: {
        name: 'Grace',
        accounts: [account('slack', team, 'UGRACE'), account('discord', guild, grace)],
      },
      linus: {
        name: 'Linus',
        accounts: [account('console', 'console', 'linus'), account('discord', guild, linus)],
      },
      mallory: { name: 'Mallory', accounts: [account('discord', guild, mallory)] },
      // The account in Discord alone: the one in Slack has to be linked.
      ada: { name: 'Ada', accounts: [account('discord', guild, ada)] },
    },
    platforms: {
      slack: { options: { api: slack.api } },
      discord: { options: { guilds: [guild], transport, api: discord.api } },
      console: { options: { channels: { releases: { open: true } } } },
    },
  };
}

/** `expect.poll` does not know tests that run at the same time. */
export async function eventually(
  holds: () => Promise<boolean>,
  seconds = 20,
  told = () => `${holds}`,
): Promise<void> {
  for (let round = 0; round < seconds * 4; round += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`not after ${seconds} s: ${told()}`);
}

/** The whole product in this process, with its sandbox, before a Discord, a Slack and the console. */
export async function openChatProduct(transport: 'gateway' | 'http') {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-chat-'));
  const discord = await startDiscordPeer();
  const slack = await startSlackPeer();
  settle(discord);
  // The deadline has its own test; here a busy machine must not decide.
  discord.state.patienceMs = 20_000;
  for (const user of ['UADA', 'UGRACE', 'ULINUS']) addUser(slack, user);
  addChannel(slack, 'CREL', ['UADA', 'UGRACE', 'ULINUS']);
  addChannel(slack, 'CENG', ['UADA']);
  addChannel(slack, 'CAPP', ['UGRACE', 'ULINUS']);
  const file = join(folder, 'signalbox.yaml');
  writeFileSync(file, stringify(settingsOf(discord, slack, transport)));
  const port = await freePort();
  const hash = createHash('sha256').update(consoleToken).digest('hex');
  const loaded = loadConfiguration({
    folder,
    variables: {
      SIGNALBOX_CONFIG: file,
      SIGNALBOX_DATA: join(folder, 'data'),
      SIGNALBOX_PORT: String(port),
      SIGNALBOX_LOG: 'silent',
      DATABASE_URL: await freshDatabase(),
      SIGNALBOX_API_TOKENS: `linus:${hash}`,
      SIGNALBOX_DISCORD_BOT_TOKEN: botToken,
      SIGNALBOX_DISCORD_PUBLIC_KEY: publicKeyHex,
      SIGNALBOX_SLACK_BOT_TOKEN: 'xoxb-peer-token',
      SIGNALBOX_SLACK_APP_TOKEN: 'xapp-peer-token',
    },
  });
  if (!loaded.ok) throw new Error(loaded.report);
  const running: Running = await start(loaded.value, { serve: true, work: true });
  const url = `http://127.0.0.1:${port}`;
  const way =
    transport === 'http'
      ? ({ kind: 'http', url: `${url}/discord/interactions` } as const)
      : ({ kind: transport } as const);
  // Each delivery comes twice, always.
  discord.people.through(way, 2);
  if (transport === 'gateway') await discord.gateway.connected();

  const cards = () =>
    discord.state.messages.filter((one) => one.channel === town.releases && one.alone === null);

  async function rollout(id: string): Promise<RolloutState | null> {
    const { store } = running.core.world;
    const record = await store.transact((tx) => tx.stream(`rollout:${id}`));
    return record === null ? null : readRollout(record.row.state);
  }

  return {
    url,
    discord,
    slack,
    cards,
    rollout,
    async until(id: string, holds: (state: RolloutState) => boolean, seconds = 40) {
      let last: RolloutState | null = null;
      const reached = async () => {
        last = await rollout(id);
        return last !== null && holds(last);
      };
      await eventually(reached, seconds, () => JSON.stringify(last));
    },
    /** Types it in Discord, and waits for the answer. */
    async type(user: string, sub: string, values: Readonly<Record<string, string>>) {
      const { people } = discord;
      const where = { channel: town.releases };
      return people.told(await people.command(user, 'release', sub, values, where));
    },
    /** Presses the button with this text on the card of a release, once it is there. */
    async press(user: string, id: string, label: string) {
      const own = () => cards().filter((one) => seenMessage(one).text.includes(id));
      await eventually(async () => findButton(own(), label) !== null, 30);
      await pressButton(discord, own(), user, label);
    },
    async say(text: string): Promise<string> {
      const answer = await fetch(`${url}/api/commands`, {
        method: 'POST',
        headers: { authorization: `Bearer ${consoleToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ id: `said-${Date.now()}`, channel: 'releases', text }),
      });
      return answer.text();
    },
    async close() {
      await running.stop();
      await Promise.all([discord.close(), slack.close()]);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}
export type ChatProduct = Awaited<ReturnType<typeof openChatProduct>>;
