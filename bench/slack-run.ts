import { WebClient } from '@slack/web-api';
import { createMemoryStore } from '#adapters/memory/store.ts';
import { createInstallations } from '#adapters/slack/installations.ts';
import { createSlackPlatform } from '#adapters/slack/platform.ts';
import { quietLogger } from '#adapters/slack/web-client.ts';
import { createDeliveryScheduler } from '#app/delivery-scheduler.ts';
import { boardRows } from '#core/cards/board-view.ts';
import { boardsOf, tenantsOnBoards } from '#core/delivery/board-mode.ts';
import type { View } from '#core/message.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { DesiredSurface } from '#ports/surface-store.ts';
import type { SlackPeer } from '../test/peers/slack/peer.ts';
import { team } from '../test/peers/slack/state.ts';
import { addChannel } from '../test/peers/slack/world.ts';
import { lastMeasured, slack, type UrgentEvent, urgentEvents } from './delivery-simulator.ts';

/** How much is going on in the workspace. */
export interface Load {
  readonly rollouts: number;
  readonly channels: number;
  readonly seconds: number;
  readonly seed: number;
}

/** What people saw. Lags and ages in seconds. */
export interface Seen {
  readonly urgentP50: number;
  readonly urgentP99: number;
  /** Urgent messages that nobody has seen at the end, the last five seconds left out. */
  readonly unsent: number;
  readonly refused: number;
  readonly ageP50: number;
  readonly calls: number;
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };
const tickMs = 2_500;

/** Somebody who brings news to the peer. Times are milliseconds since the beginning. */
export interface Bringer {
  /** Something urgent happened: a note in the thread of the rollout's card. */
  note(index: number, event: UrgentEvent): Promise<void>;
  /** Progress was measured again. */
  progress(at: number): Promise<void>;
}

export const channelOf = (rollout: number, load: Load): string => `C${rollout % load.channels}`;

/** The product: surfaces in a store, the real scheduler, the real adapter, real HTTP. */
export async function ourBringer(peer: SlackPeer, load: Load, clock: Clock) {
  const { store } = createMemoryStore({ clock });
  const parts = { clock, log: silent };
  const installations = createInstallations({ tokens: ['xoxb-peer'], api: peer.api, ...parts });
  const options = { api: peer.api, charts: 'native' } as const;
  const platform = createSlackPlatform({ installations, options, ...parts });
  const telemetry = { count() {}, gauge() {}, observe() {} };
  const needs = { store, ...parts, telemetry, failpoint: async () => {}, jitter: () => 0 };
  let poked = false;
  const scheduler = createDeliveryScheduler(needs, platform, () => {
    poked = true;
  });
  const cards = Array.from({ length: load.rollouts }, (_, rollout) => ({
    rollout: `${rollout}`,
    platform: 'slack',
    tenant: team,
    channel: channelOf(rollout, load),
  }));
  const boards = boardsOf(cards, tenantsOnBoards(cards, new Set()), boardRows);
  const start = clock.now();

  const desire = (
    surface: Pick<DesiredSurface, 'id' | 'parent' | 'urgency' | 'final'>,
    channel: string,
    view: View,
  ) =>
    store.transact((tx) =>
      tx.desire({
        ...surface,
        channel: { platform: 'slack', tenant: team, channel, thread: null },
        account: null,
        view,
        hash: JSON.stringify(view),
      }),
    );

  /** The cards of releases that have been under way for a while. */
  async function standing(): Promise<void> {
    for (let rollout = 0; rollout < load.rollouts; rollout += 1) {
      const channel = channelOf(rollout, load);
      const view = cardView(rollout);
      await desire(
        { id: `card ${rollout}`, parent: null, urgency: 2, final: false },
        channel,
        view,
      );
      const at = { platform: 'slack', tenant: team, channel, thread: null };
      const message = { channel: at, message: rootOf(peer, channel, rollout) };
      await store.transact((tx) =>
        tx.delivered(`card ${rollout}`, 1, JSON.stringify(view), message, start),
      );
    }
  }
  await standing();

  return {
    scheduler,
    /** True once after each call that ended. */
    poked(): boolean {
      const ended = poked;
      poked = false;
      return ended;
    },
    async note(index: number, event: UrgentEvent): Promise<void> {
      const channel = channelOf(event.rollout, load);
      const id = `note ${index}`;
      const parent = `card ${event.rollout}`;
      await desire(
        { id, parent, urgency: 1, final: true },
        channel,
        noteView(index, event.rollout),
      );
    },
    async progress(at: number): Promise<void> {
      for (const { id, channel, rollouts } of boards) {
        const view = boardOf(rollouts.map(Number), at);
        await desire({ id, parent: null, urgency: 3, final: false }, channel, view);
      }
    },
  };
}

/** The SDK as it comes: every message is a call, at once; the client queues and repeats by itself. */
export function rawBringer(peer: SlackPeer, load: Load): Bringer {
  const client = new WebClient('xoxb-peer', { slackApiUrl: peer.api, logger: quietLogger(silent) });
  const running = new Set<Promise<unknown>>();
  const begin = (call: Promise<unknown>): void => {
    const ended = call.catch(() => undefined).finally(() => running.delete(ended));
    running.add(ended);
  };
  const measured = new Map<number, number>();
  return {
    async note(index, { rollout }) {
      const channel = channelOf(rollout, load);
      const thread = rootOf(peer, channel, rollout);
      begin(
        client.chat.postMessage({ channel, thread_ts: thread, text: noteText(index, rollout) }),
      );
    },
    async progress(at) {
      for (let rollout = 0; rollout < load.rollouts; rollout += 1) {
        const value = lastMeasured(rollout, at);
        if (measured.get(rollout) === value) continue;
        measured.set(rollout, value);
        const channel = channelOf(rollout, load);
        const ts = rootOf(peer, channel, rollout);
        begin(client.chat.update({ channel, ts, text: progressText(rollout, value) }));
      }
    },
  };
}

/** Puts the channels and the cards of the load into the peer. */
export function furnish(peer: SlackPeer, load: Load): void {
  for (let channel = 0; channel < load.channels; channel += 1) addChannel(peer, `C${channel}`, []);
  for (let rollout = 0; rollout < load.rollouts; rollout += 1) {
    const channel = channelOf(rollout, load);
    const text = `card ${rollout}`;
    const ts = rootOf(peer, channel, rollout);
    const rest = { thread: null, blocks: [], metadata: undefined, user: 'U0000BOT' };
    peer.state.messages.push({ ts, channel, text, ...rest });
  }
}

/** Looks at the peer as people do; everything that it reports was there to be read. */
export function createWatch(peer: SlackPeer, load: Load, now: () => number) {
  const seenAt = new Map<number, number>();
  const shown = new Map<number, number>();
  const ages: number[] = [];
  let read = peer.state.messages.length;
  return {
    /** To be called often: what is new since the last call was seen now. */
    look(): void {
      for (; read < peer.state.messages.length; read += 1) {
        const text = JSON.stringify(peer.state.messages[read]);
        for (const [, index] of text.matchAll(/note (\d+) of/g)) {
          if (!seenAt.has(Number(index))) seenAt.set(Number(index), now());
        }
      }
    },
    sample(): void {
      const words = peer.state.messages.map(
        ({ text, blocks }) => `${text} ${JSON.stringify(blocks)}`,
      );
      for (const [, rollout, at] of words.join(' ').matchAll(/r(\d+) measured (\d+)/g)) {
        const key = Number(rollout);
        shown.set(key, Math.max(shown.get(key) ?? 0, Number(at)));
      }
      for (let rollout = 0; rollout < load.rollouts; rollout += 1) {
        ages.push((now() - (shown.get(rollout) ?? 0)) / 1000);
      }
    },
    result(events: readonly UrgentEvent[]): Seen {
      const due = events.filter(({ at }) => at < now() - 5_000);
      const lags = events.flatMap(({ at }, index) => {
        const seen = seenAt.get(index);
        if (seen !== undefined) return [(seen - at) / 1000];
        return at < now() - 5_000 ? [(now() - at) / 1000] : [];
      });
      return {
        urgentP50: quantile(lags, 0.5),
        urgentP99: quantile(lags, 0.99),
        unsent: due.filter((event) => !seenAt.has(events.indexOf(event))).length,
        refused: peer.calls.filter(({ status }) => status === 429).length,
        ageP50: quantile(ages, 0.5),
        calls: peer.calls.length,
      };
    },
  };
}

export function eventsOf(load: Load): readonly UrgentEvent[] {
  return urgentEvents({ ...load, platform: slack, storm: 0 });
}

/** The simplest thing that keeps time: what happens until `at` is brought, progress every 2.5 s. */
export function createNews(events: readonly UrgentEvent[], bringers: readonly Bringer[]) {
  let next = 0;
  let tick = 0;
  return async (at: number): Promise<void> => {
    for (let event = events[next]; event !== undefined && event.at <= at; event = events[next]) {
      for (const bringer of bringers) await bringer.note(next, event);
      next += 1;
    }
    if (at < tick) return;
    tick = at + tickMs;
    for (const bringer of bringers) await bringer.progress(at);
  };
}

const cardsSeen = new WeakMap<SlackPeer, Map<string, string>>();

function rootOf(peer: SlackPeer, channel: string, rollout: number): string {
  const known = cardsSeen.get(peer) ?? new Map<string, string>();
  cardsSeen.set(peer, known);
  const key = `${channel} ${rollout}`;
  const ts = known.get(key) ?? peer.state.nextTs();
  known.set(key, ts);
  return ts;
}

const noteText = (index: number, rollout: number): string => `note ${index} of release ${rollout}`;
const progressText = (rollout: number, at: number): string => `r${rollout} measured ${at}`;

function noteView(index: number, rollout: number): View {
  const text = noteText(index, rollout);
  const line = [{ kind: 'strong', text } as const];
  return { tone: 'warning', title: 'Release', summary: text, blocks: [{ kind: 'text', line }] };
}

function cardView(rollout: number): View {
  return { tone: 'progress', title: `card ${rollout}`, summary: `card ${rollout}`, blocks: [] };
}

function boardOf(rollouts: readonly number[], at: number): View {
  return {
    tone: 'progress',
    title: 'On the way',
    summary: `${rollouts.length} releases on the way`,
    blocks: [
      {
        kind: 'table',
        columns: [{ label: 'Release' }, { label: 'Now' }],
        rows: rollouts.map((rollout) => [
          [`shop-${rollout}`],
          [progressText(rollout, lastMeasured(rollout, at))],
        ]),
      },
    ],
  };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
