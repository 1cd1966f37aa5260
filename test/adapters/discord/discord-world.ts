import { createDiscord, DiscordOptions } from '#adapters/discord/index.ts';
import { createCommandBus } from '#app/command-bus.ts';
import { createDeliveryScheduler } from '#app/delivery-scheduler.ts';
import { projectBoards } from '#app/project-boards.ts';
import { projectRollout } from '#app/project-rollout.ts';
import { createAuthority } from '#app/resolve-authority.ts';
import { type AdvanceDependencies, advanceRollout } from '#app/rollout/advance.ts';
import { createRollouts } from '#app/rollout/create-rollouts.ts';
import { openRollouts } from '#app/rollout/rollout-stream.ts';
import type { World } from '#app/world.ts';
import * as commands from '#commands/index.ts';
import type { ChartPainter } from '#ports/chart-painter.ts';
import type { RawRoute } from '#ports/http-host.ts';
import type { Log } from '#ports/log.ts';
import { memoryWorld } from '../../app/memory-world.ts';
import { startDiscordPeer } from '../../peers/discord/peer.ts';
import { seenMessage } from '../../peers/discord/seen.ts';
import { publicKeyHex } from '../../peers/discord/signature.ts';
import { botToken, guild } from '../../peers/discord/state.ts';
import { addChannel, addMember, addRole } from '../../peers/discord/world.ts';
import { serveRoutes } from '../../peers/slack/http-door.ts';
import { silentLog } from '../silent.ts';
import { onePixel, pressButton } from './press.ts';

/** The server of every test: who is in it, and where. */
export const town = {
  releases: '100000000000000001',
  approvers: '100000000000000002',
  engineerRole: '600000000000000001',
  approverRole: '600000000000000002',
  administratorRole: '600000000000000003',
  people: {
    ada: '700000000000000001',
    grace: '700000000000000002',
    linus: '700000000000000003',
    mallory: '700000000000000004',
    /** Owner and administrator at once. */
    owner: '700000000000000005',
    /** Approvers by role who do not count. */
    pending: '700000000000000006',
    silenced: '700000000000000007',
    robot: '700000000000000008',
  },
} as const;

/** Builds the server in a peer. */
export function settle(peer: Awaited<ReturnType<typeof startDiscordPeer>>): void {
  const { people, engineerRole, approverRole, administratorRole } = town;
  addRole(peer, engineerRole);
  addRole(peer, approverRole);
  addRole(peer, administratorRole, '8');
  // What the bot sees the private channel by.
  addRole(peer, '600000000000000009');
  peer.state.members.get('800000000000000001')?.roles.add('600000000000000009');
  addMember(peer, people.ada, { roles: new Set([engineerRole]) });
  const approver = () => ({ roles: new Set([approverRole]) });
  addMember(peer, people.grace, approver());
  addMember(peer, people.linus, approver());
  addMember(peer, people.mallory);
  addMember(peer, people.owner, { roles: new Set([administratorRole]) });
  addMember(peer, people.pending, { ...approver(), pending: true });
  const later = new Date(Date.now() + 3_600_000).toISOString();
  addMember(peer, people.silenced, { ...approver(), timedOutUntil: later });
  addMember(peer, people.robot, { ...approver(), bot: true });
  peer.state.owner = people.owner;
  addChannel(peer, town.releases);
  addChannel(peer, town.approvers, [approverRole, '600000000000000009']);
}

/** Real time passes slowly in these worlds: the limit over all would never be reached by people. */
export function optionsFor(
  { api }: { readonly api: string },
  transport: 'gateway' | 'http' = 'gateway',
): DiscordOptions {
  return DiscordOptions.parse({ guilds: [guild], transport, api, requestsPerSecond: 10_000 });
}

/** The product in memory behind real discord.js, with a server of our own around it. */
export async function discordWorld(
  transport: 'gateway' | 'http',
  { log = silentLog, paint = async () => onePixel }: { log?: Log; paint?: ChartPainter } = {},
) {
  const peer = await startDiscordPeer();
  peer.buckets.limits({ perBucket: 10_000, perSecond: 10_000 });
  settle(peer);
  const source = { platform: 'discord', tenant: guild };
  const memory = memoryWorld((text) => {
    const releases = { discord: { tenant: guild, channel: town.releases } };
    Object.assign(text.channels, { releases });
    Object.assign(text.roles, {
      engineer: {
        may: ['view', 'deploy', 'advance', 'abort', 'rollback', 'lock', 'unlock-others', 'link'],
        from: [{ kind: 'group', ...source, group: town.engineerRole }],
      },
      approver: {
        may: ['view', 'approve', 'abort', 'link'],
        from: [{ kind: 'channel', ...source, channel: town.approvers }],
      },
    });
    for (const gate of text.environments.production.gates) gate.options.quorum = 2;
    Object.assign(text, { platforms: { discord: { options: { guilds: [guild] } } } });
  });
  const clock = { now: () => Date.now() };
  const options = optionsFor(peer, transport);
  const secrets = { botToken, publicKey: publicKeyHex };
  const discord = createDiscord({ options, secrets, paint, clock, log });
  const world: World = {
    ...memory.world,
    log: { ...log, error: memory.world.log.error },
    directory: (name) => (name === 'discord' ? discord.directory : undefined),
    platform: (name) => (name === 'discord' ? discord.platform : undefined),
  };
  const authority = createAuthority(world);
  const project = projectRollout(world, projectBoards(world));
  const rollouts = createRollouts(world, project);
  const bus = createCommandBus({ world, rollouts, authority, commands: Object.values(commands) });
  const routes: RawRoute[] = [];
  discord.open({
    gateway: bus,
    http: { route: (route) => void routes.push(route) },
    forget: (account) => authority.forget('discord', account),
  });
  const door = await serveRoutes(routes);
  const url = `${door.url}/discord/interactions`;
  const way =
    transport === 'http' ? ({ kind: 'http', url } as const) : ({ kind: transport } as const);
  peer.people.through(way);
  if (transport === 'gateway') await peer.gateway.connected();
  const needs = { ...world, jitter: () => 0 };
  const scheduler = createDeliveryScheduler(needs, discord.platform, () => {});
  const dependencies: AdvanceDependencies = { ...memory.dependencies, world, authority, project };

  /** Everything that people did is handled, and everything that was to be said is said. */
  async function calm(): Promise<void> {
    await bus.idle();
    for (let round = 0; round < 12; round += 1) {
      await scheduler.round();
      await scheduler.settled();
      memory.pass(1);
    }
  }

  /** Lets the worker run, and the clock with it, for so many seconds. */
  async function drive(seconds: number): Promise<void> {
    await bus.idle();
    for (let second = 0; second < seconds; second += 1) {
      const open = await memory.store.transact((tx) => openRollouts(tx));
      for (const { id } of open) {
        await advanceRollout(dependencies, id, new AbortController().signal);
      }
      await scheduler.round();
      await scheduler.settled();
      memory.pass(1);
    }
  }

  const cards = () =>
    peer.state.messages.filter(({ channel, alone }) => channel === town.releases && alone === null);

  async function command(
    user: string,
    sub: string,
    values: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const { people } = peer;
    await people.told(
      await people.command(user, 'release', sub, values, { channel: town.releases }),
    );
    await bus.idle();
  }

  /** Presses the newest button with this text among the cards, and goes through what it asks. */
  async function press(user: string, label: string, comment = ''): Promise<void> {
    await pressButton(peer, cards(), user, label, comment);
    await bus.idle();
  }

  return {
    peer,
    memory,
    discord,
    options,
    secrets,
    clock,
    bus,
    url,
    way,
    calm,
    drive,
    command,
    press,
    cards,
    whispers: (user: string) =>
      peer.state.messages.filter(({ alone }) => alone === user).map((one) => seenMessage(one).text),
    async close() {
      await discord.close();
      await door.close();
      await peer.close();
    },
  };
}
