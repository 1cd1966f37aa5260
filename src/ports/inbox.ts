import type { Instant } from '#core/ids.ts';
import type { Inbound } from './gateway.ts';

/** What arrived, stored before it was acknowledged. */
export interface InboxRow {
  readonly id: number;
  readonly inbound: Inbound;
  readonly arrivedAt: Instant;
  readonly doneAt: Instant | null;
}

/** The inbox: each delivery once, by (source, deliveryId). */
export interface Inbox {
  /** Stores those not seen before; for each says its id and whether it was new. One round trip. */
  receive(
    inbounds: readonly Inbound[],
  ): Promise<readonly { readonly id: number; readonly fresh: boolean }[]>;
  inboxRow(id: number): Promise<InboxRow | null>;
  /** Marks it done within this transaction; false when it already was. */
  finishInbox(id: number, outcome: string): Promise<boolean>;
  /** Not done, and arrived before `before`. */
  unfinishedInbox(before: Instant, limit: number): Promise<readonly InboxRow[]>;
}
