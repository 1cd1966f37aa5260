import { createMemoryChat } from '#adapters/memory/chat.ts';
import { createMemoryStore } from '#adapters/memory/store.ts';
import { createDeliveryScheduler, type DeliveryNeeds } from '#app/delivery-scheduler.ts';
import type { View } from '#core/message.ts';
import type { ChatCapabilities, RateScope } from '#ports/chat.ts';
import type { ChannelRef } from '#ports/gateway.ts';
import type { DesiredSurface } from '#ports/surface-store.ts';

/** A channel of the memory platform. */
export function channel(name: string): ChannelRef {
  return { platform: 'memory', tenant: 'T1', channel: name, thread: null };
}

/** A view with this title. */
export function view(title: string): View {
  return { tone: 'neutral', title, summary: title, blocks: [] };
}

/** A scheduler over the memory store and chat, with a clock that stands still until it is moved. */
export function createDeliveryBench(
  options: {
    readonly capabilities?: Partial<ChatCapabilities>;
    readonly scopes?: (call: 'post' | 'edit' | 'reply', at: ChannelRef) => readonly RateScope[];
    readonly channels?: readonly string[];
  } = {},
) {
  let now = 1_000_000;
  const clock = { now: () => now };
  const counted = new Map<string, number>();
  const points: string[] = [];
  const { store: memory } = createMemoryStore({ clock });
  const chat = createMemoryChat({ clock, ...options });
  const store = { ...memory };
  const needs: DeliveryNeeds = {
    store,
    clock,
    telemetry: {
      count: (name, labels = {}, by = 1) => {
        const key = `${name} ${labels['outcome'] ?? ''}`.trim();
        counted.set(key, (counted.get(key) ?? 0) + by);
      },
      gauge: () => {},
      observe: () => {},
    },
    log: { debug() {}, info() {}, warn() {}, error() {} },
    failpoint: async (name) => {
      points.push(name);
    },
    jitter: () => 0,
  };
  const scheduler = createDeliveryScheduler(needs, chat.platform, () => {});

  async function desire(
    id: string,
    title: string,
    changes: Partial<DesiredSurface> = {},
  ): Promise<void> {
    const wanted = {
      id,
      channel: channel('one'),
      parent: null,
      account: null,
      urgency: 2 as const,
      view: view(title),
      hash: title,
      final: false,
      ...changes,
    };
    await memory.transact((tx) => tx.desire(wanted));
  }

  /** One round and everything it began. */
  async function round(): Promise<void> {
    await scheduler.round();
    await scheduler.settled();
  }

  return {
    needs,
    chat,
    store: memory,
    scheduler,
    desire,
    round,
    counted: (name: string) => counted.get(name) ?? 0,
    points,
    pass: (ms: number) => {
      now += ms;
    },
    /** Rounds a second apart. */
    async rounds(count: number): Promise<void> {
      for (let index = 0; index < count; index += 1) {
        await round();
        now += 1_000;
      }
    },
    titles: (at = channel('one')) => chat.world.messages(at).map((message) => message.view.title),
    sent: () =>
      chat.world
        .calls()
        .filter(({ call }) => call !== 'find')
        .map(({ call, view: shown }) => `${call} ${shown?.title ?? ''}`),
    surface: (id: string) => memory.transact((tx) => tx.surface(id)),
  };
}
