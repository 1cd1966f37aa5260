import type { View } from '#core/message.ts';
import { type Actor, signalbox } from '#core/people.ts';
import type { Inbound } from '#ports/gateway.ts';
import type { History } from '#ports/history.ts';
import type { Store } from '#ports/store.ts';
import type { Append, StreamRow } from '#ports/streams.ts';
import type { DesiredSurface } from '#ports/surface-store.ts';

/** A store to put under contract, empty at first. */
export interface StoreSubject {
  readonly store: Store;
  readonly history: History;
  close(): Promise<void>;
}

export type OpenStore = () => Promise<StoreSubject>;

let last = 0;

/** A name that no other test of this file uses. */
export function unique(prefix: string): string {
  last += 1;
  return `${prefix}-${last}`;
}

export const ada: Actor = {
  person: 'ada',
  account: { platform: 'console', tenant: 'local', user: 'ada' },
  displayName: 'Ada „\u0000" \\ 😀 \ud800',
};

/** A row with nothing special about it. */
export function row(changes: Partial<StreamRow> = {}): StreamRow {
  return {
    service: null,
    environment: null,
    phase: null,
    active: false,
    ended: false,
    wakeAt: null,
    state: {},
    ...changes,
  };
}

/** An append of events of these kinds. */
export function append(
  stream: string,
  expectedVersion: number,
  kinds: readonly string[],
  changes: Partial<Append> = {},
): Append {
  return {
    stream,
    kind: 'rollout',
    expectedVersion,
    events: kinds.map((kind) => ({ actor: signalbox, body: { kind } })),
    row: row(),
    ...changes,
  };
}

/** A button press that arrived. */
export function inbound(deliveryId: string): Inbound {
  return {
    source: 'console',
    deliveryId,
    account: ada.account,
    displayName: ada.displayName,
    excluded: [],
    channel: null,
    replyTo: { nested: ['\u0000', null, 1.5] },
    content: { kind: 'command', text: 'deploy shop v2' },
    receivedAt: 1,
  };
}

/** A view with this title. */
export function view(title: string): View {
  return { tone: 'neutral', title, summary: title, blocks: [] };
}

/** A surface that should say this. */
export function desired(id: string, title: string, changes: Partial<DesiredSurface> = {}) {
  return {
    id,
    channel: { platform: 'console', tenant: 'local', channel: 'releases', thread: null },
    parent: null,
    account: null,
    urgency: 2,
    view: view(title),
    hash: `hash of ${title}`,
    final: false,
    ...changes,
  } satisfies DesiredSurface;
}
