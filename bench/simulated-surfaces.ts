import type { Urgency } from '#core/delivery/bucket.ts';
import type { Deliverable } from '#core/delivery/deliverable.ts';
import type { View } from '#core/message.ts';

/** A live message in the simulation, with what the figures are made of. */
export interface SimulatedSurface {
  surface: Deliverable;
  nextDueAt: number;
  /** For each rollout that the message shows: when the value that it should show was measured. */
  readonly measured: ReadonlyMap<number, number>;
  /** When the news that is not yet delivered happened. */
  happenedAt: number;
}

/** What a producer wants a message to say. */
export interface Wish {
  readonly id: string;
  readonly channel: string;
  readonly urgency: Urgency;
  /** A note in the thread of this card; cards and boards stand already. */
  readonly parent?: string;
  readonly measured?: ReadonlyMap<number, number>;
}

const view: View = { tone: 'neutral', title: '', summary: '', blocks: [] };

/** The surface after a wish, as the store would keep it. */
export function wished(
  former: SimulatedSurface | undefined,
  wish: Wish,
  now: number,
): SimulatedSurface {
  if (former === undefined) return made(wish, now);
  const { surface } = former;
  const open = surface.desiredHash !== surface.deliveredHash;
  const urgency = open && surface.urgency < wish.urgency ? surface.urgency : wish.urgency;
  const news = !open || wish.urgency < surface.urgency;
  const revision = surface.desiredRevision + 1;
  return {
    surface: {
      ...surface,
      urgency,
      desiredRevision: revision,
      desiredHash: `${revision}`,
      desiredAt: now,
    },
    nextDueAt: wish.urgency === 3 ? former.nextDueAt : now,
    measured: wish.measured ?? former.measured,
    happenedAt: news ? now : former.happenedAt,
  };
}

function made(wish: Wish, now: number): SimulatedSurface {
  const { id, parent } = wish;
  const channel = { platform: 'p', tenant: 't', channel: wish.channel, thread: null };
  return {
    surface: {
      id,
      channel,
      parent: parent ?? null,
      account: null,
      urgency: wish.urgency,
      desired: view,
      desiredRevision: 1,
      desiredHash: '1',
      desiredAt: now,
      deliveredRevision: 0,
      deliveredHash: null,
      message: parent === undefined ? { channel, message: id } : null,
      anchoredAt: 0,
      failures: 0,
      final: parent !== undefined,
      ambiguous: false,
    },
    nextDueAt: now,
    measured: wish.measured ?? new Map(),
    happenedAt: now,
  };
}

/** The surface after the revision that was sent is known to be delivered. */
export function arrived(former: SimulatedSurface, sent: Deliverable): SimulatedSurface {
  const surface = {
    ...former.surface,
    deliveredRevision: sent.desiredRevision,
    deliveredHash: sent.desiredHash,
    message: { channel: sent.channel, message: sent.id },
  };
  return { ...former, surface, happenedAt: former.surface.desiredAt };
}
