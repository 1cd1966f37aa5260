import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Console, createConsole } from '#adapters/console/index.ts';
import { createMemoryStore } from '#adapters/memory/store.ts';
import type { CardAction } from '#core/cards/actions.ts';
import type { CardContext } from '#core/cards/card-context.ts';
import { metricsView } from '#core/cards/metrics-view.ts';
import { noteFor } from '#core/cards/milestone.ts';
import { releaseCard } from '#core/cards/release-card.ts';
import type { View } from '#core/message.ts';
import type { Actor } from '#core/people.ts';
import type { RolloutEvent } from '#core/rollout/events.ts';
import { evolve } from '#core/rollout/evolve.ts';
import { ended, type RolloutState } from '#core/rollout/state.ts';
import type { MessageRef } from '#ports/chat.ts';
import type { Clock } from '#ports/clock.ts';
import type { Crypto } from '#ports/crypto.ts';
import type { ChannelRef } from '#ports/gateway.ts';
import type { Log } from '#ports/log.ts';
import type { Random } from '#ports/random.ts';
import type { Store } from '#ports/store.ts';
import { townSettings } from './town-settings.ts';

const secret = 'a secret of the town';
export const crypto: Crypto = {
  digest: (bytes) => createHash('sha256').update(bytes).digest(),
  sha256: (text) => createHash('sha256').update(text).digest('hex'),
  hmac: (text) => createHmac('sha256', secret).update(text).digest('hex'),
  equal: (a, b) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b)),
};
export const random: Random = {
  token: (bits) => randomBytes(Math.ceil(bits / 8)).toString('base64url'),
};
export const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** A clock that starts at a fixed instant and moves only when told. */
export interface TownClock extends Clock {
  pass(seconds: number): void;
}

export function createTownClock(start: number): TownClock {
  let at = start;
  return {
    now: () => at,
    pass: (seconds) => {
      at += seconds * 1000;
    },
  };
}

/** A console with a store and rollouts that tests move by hand, event by event. */
export interface Town {
  readonly console: Console;
  readonly store: Store;
  readonly clock: TownClock;
  readonly actions: ReadonlyMap<string, CardAction>;
  state(id: string): RolloutState;
  states(): readonly RolloutState[];
  /** Records events by one actor, and shows them as the product would. */
  record(id: string, actor: Actor, events: readonly RolloutEvent[]): Promise<RolloutState>;
  card(id: string): View;
  /** What cards are composed with now. */
  context(): CardContext;
  /** Id of the message that is its card. */
  message(id: string): string;
}

export const releases: ChannelRef = {
  platform: 'console',
  tenant: 'console',
  channel: 'releases',
  thread: null,
};

export function createTown(
  clock: TownClock,
  options: { readonly port?: number; readonly stateDirectory?: string } = {},
): Town {
  const { store } = createMemoryStore({ clock });
  const console_ = createConsole({
    settings: () => townSettings,
    store,
    clock,
    crypto,
    random,
    log: quiet,
    probes: {
      ready: async () => ({ ready: true, checks: { store: 'ok' } }),
      metricsText: async () => '# no metrics\n',
    },
    demo: true,
    port: options.port ?? 0,
    stateDirectory: options.stateDirectory ?? null,
    apiTokens: [],
  });
  const states = new Map<string, RolloutState>();
  const cards = new Map<string, MessageRef>();
  const metrics = new Map<string, MessageRef>();
  const actions = new Map<string, CardAction>();
  const { platform } = console_;

  function context(): CardContext {
    return {
      now: clock.now(),
      tokenOf(action) {
        const token = crypto
          .sha256(JSON.stringify([action.command, action.args, action.planHash]))
          .slice(0, 24);
        actions.set(token, action);
        return token;
      },
      consoleUrl: null,
      command: townSettings.command,
    };
  }

  function state(id: string): RolloutState {
    const found = states.get(id);
    if (found === undefined) throw new Error(`The town knows no ${id}`);
    return found;
  }

  async function show(present: RolloutState): Promise<void> {
    const card = releaseCard(present, context());
    const known = cards.get(present.id);
    if (known === undefined)
      cards.set(present.id, await platform.post(releases, card, `card:${present.id}`));
    else await platform.edit(known, card, 'card');
    const thread = { ...releases, thread: cards.get(present.id)?.message ?? null };
    const view = metricsView(present, townSettings.analyses['standard'] ?? null);
    if (view === null) return;
    const shown = metrics.get(present.id);
    if (shown !== undefined) return platform.edit(shown, view, 'metrics');
    metrics.set(present.id, await platform.post(thread, view, `metrics:${present.id}`));
  }

  return {
    console: console_,
    store,
    clock,
    actions,
    state,
    states: () => [...states.values()].toReversed(),
    async record(id, actor, events) {
      for (const event of events) {
        const present = evolve(states.get(id) ?? null, { at: clock.now(), actor, event });
        states.set(id, present);
        await store.transact(async (tx) => {
          const version = (await tx.stream(`rollout:${id}`))?.version ?? 0;
          await tx.append({
            stream: `rollout:${id}`,
            kind: 'rollout',
            expectedVersion: version,
            events: [{ actor, body: event }],
            row: {
              service: present.service,
              environment: present.environment,
              phase: present.phase,
              active: present.startedAt !== null && !ended(present.phase),
              ended: ended(present.phase),
              wakeAt: null,
              state: present,
            },
          });
        });
        await show(present);
        const note = noteFor(event, present);
        const card = cards.get(id);
        if (note !== null && card !== undefined) {
          const thread = { ...releases, thread: card.message };
          await platform.post(thread, note, `note:${id}:${clock.now()}:${event.kind}`);
        }
      }
      return state(id);
    },
    message: (id) => cards.get(id)?.message ?? '',
    context,
    card: (id) => releaseCard(state(id), context()),
  };
}
