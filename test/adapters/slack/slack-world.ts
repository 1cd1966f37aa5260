import { expect } from 'vitest';
import { createSlack, SlackOptions } from '#adapters/slack/index.ts';
import { createCommandBus } from '#app/command-bus.ts';
import { createDeliveryScheduler } from '#app/delivery-scheduler.ts';
import { projectBoards } from '#app/project-boards.ts';
import { projectRollout } from '#app/project-rollout.ts';
import { createReader } from '#app/read-model.ts';
import { createAuthority } from '#app/resolve-authority.ts';
import { type AdvanceDependencies, advanceRollout } from '#app/rollout/advance.ts';
import { createRollouts } from '#app/rollout/create-rollouts.ts';
import { openRollouts } from '#app/rollout/rollout-stream.ts';
import type { World } from '#app/world.ts';
import * as commands from '#commands/index.ts';
import type { RawRoute } from '#ports/http-host.ts';
import type { Log } from '#ports/log.ts';
import { memoryWorld } from '../../app/memory-world.ts';
import { serveRoutes } from '../../peers/slack/http-door.ts';
import { startSlackPeer } from '../../peers/slack/peer.ts';
import { signingSecret } from '../../peers/slack/people.ts';
import { seenMessage } from '../../peers/slack/seen.ts';
import { team } from '../../peers/slack/state.ts';
import { addChannel, addUser } from '../../peers/slack/world.ts';

type SettingsText = Parameters<NonNullable<Parameters<typeof memoryWorld>[0]>>[0];

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** The product in memory behind real Bolt, with a workspace of our own around it. */
export async function slackWorld(
  transport: 'socket' | 'http',
  over: {
    readonly log?: Log;
    /** Slack keeps its published pace, by the clock that `drive` turns. */
    readonly tiers?: boolean;
    /** Slack's answers are dated by the clock that `drive` turns; not with signatures, which are real. */
    readonly turned?: boolean;
    readonly requestTimeout?: number;
    readonly change?: (text: SettingsText) => void;
  } = {},
) {
  const { log = silent } = over;
  let clock = () => 0;
  const peer = await startSlackPeer(over.tiers === true ? { tiers: { now: () => clock() } } : {});
  const people = { ada: 'UADA', grace: 'UGRACE', linus: 'ULINUS', mallory: 'UMALLORY' };
  for (const id of Object.values(people)) addUser(peer, id);
  addUser(peer, 'UGUEST', { guest: true });
  addUser(peer, 'UEXT', { team: 'T0000002' });
  const everybody = [...Object.values(people), 'UGUEST', 'UEXT'];
  addChannel(peer, 'CREL', everybody);
  addChannel(peer, 'CENG', [people.ada, people.grace, people.linus]);
  addChannel(peer, 'CAPP', [people.grace, people.linus, 'UGUEST', 'UEXT']);
  const inChannel = (channel: string) => [
    { kind: 'channel', platform: 'slack', tenant: team, channel },
  ];
  const memory = memoryWorld((text) => {
    Object.assign(text.channels, { releases: { slack: { tenant: team, channel: 'CREL' } } });
    Object.assign(text.roles, {
      engineer: {
        may: ['view', 'deploy', 'advance', 'abort', 'rollback', 'lock', 'unlock-others'],
        from: inChannel('CENG'),
      },
      approver: { may: ['view', 'approve', 'abort'], from: inChannel('CAPP') },
    });
    for (const gate of text.environments.production.gates) gate.options.quorum = 2;
    Object.assign(text, { publicUrl: 'https://signalbox.example', platforms: { slack: {} } });
    over.change?.(text);
  });
  clock = memory.now;

  /** Whoever waits for a turn at Slack turns the clock, when what is on its way had time to arrive. */
  async function turn(ms: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 10));
    memory.pass(ms / 1000);
  }

  const slack = createSlack({
    options: SlackOptions.parse({ transport, api: peer.api }),
    secrets: {
      botTokens: ['xoxb-peer'],
      appToken: 'xapp-peer',
      signingSecrets: [signingSecret],
    },
    settings: () => world.settings().settings,
    clock: { now: over.turned === true ? memory.now : () => Date.now() },
    pace: { now: memory.now, pause: turn },
    log,
  });
  const world: World = {
    ...memory.world,
    log: { ...log, error: memory.world.log.error },
    directory: (name) => (name === 'slack' ? slack.directory : undefined),
    platform: (name) => (name === 'slack' ? slack.platform : undefined),
  };
  const authority = createAuthority(world);
  const project = projectRollout(world, projectBoards(world));
  const rollouts = createRollouts(world, project);
  const bus = createCommandBus({ world, rollouts, authority, commands: Object.values(commands) });
  const reader = createReader(
    world,
    rollouts,
    authority,
    {
      async *exportHistory() {},
      prove: async () => null,
    },
    () => null,
  );
  const routes: RawRoute[] = [];
  await slack.open({
    gateway: bus,
    reader,
    http: { route: (route) => void routes.push(route) },
    forget: (account) => authority.forget('slack', account),
  });
  const door = await serveRoutes(routes, over.requestTimeout);
  if (transport === 'http') peer.through({ kind: 'http', url: `${door.url}/slack/events` });
  const needs = { ...world, jitter: () => 0 };
  const scheduler = createDeliveryScheduler(needs, slack.platform, () => {});
  const dependencies: AdvanceDependencies = { ...memory.dependencies, world, authority, project };

  /** Everything that people did is handled, and everything that was to be said is said. */
  async function settle(): Promise<void> {
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
    peer.state.messages.filter(({ channel, thread }) => channel === 'CREL' && thread === null);

  /** Presses the button with this text on the newest card that has it, and fills in its form. */
  async function press(user: string, label: string, comment = ''): Promise<void> {
    for (const message of cards().toReversed()) {
      const button = seenMessage(message).buttons.find((one) => one.label.startsWith(label));
      if (button === undefined) continue;
      const before = peer.state.views.size;
      await peer.people.press(user, { channel: 'CREL', ts: message.ts, ...button });
      if (button.actionId.startsWith('ask.')) {
        await expect.poll(() => peer.state.views.size).toBeGreaterThan(before);
        const [id, view] = [...peer.state.views].at(-1) ?? ['', {}];
        const values = { text: { text: { value: comment } } };
        await peer.people.submit(user, { ...view, id }, values);
      }
      await bus.idle();
      return;
    }
    throw new Error(
      `no button ${label} on ${JSON.stringify(cards().map((one) => seenMessage(one).buttons))}`,
    );
  }

  return {
    world,
    peer,
    people,
    memory,
    slack,
    bus,
    door,
    settle,
    drive,
    press,
    cards,
    whispers: (user: string) =>
      peer.state.whispers.filter((one) => one.user === user).map((one) => seenMessage(one).text),
    async close() {
      await slack.close();
      await door.close();
      await peer.close();
    },
  };
}
