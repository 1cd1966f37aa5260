import type { Instant } from '#core/ids.ts';
import type { Actor } from '#core/people.ts';

/** An event as somebody wants it recorded. `body` is JSON with a `kind`. */
export interface NewEvent {
  readonly actor: Actor;
  readonly body: { readonly kind: string };
}

/** An event as recorded in a transaction. */
export interface RecordedEvent {
  /** `now` of the transaction. Along the ledger it never runs backwards. */
  readonly at: Instant;
  readonly stream: string;
  /** Position within its stream, from 1. */
  readonly version: number;
  readonly kind: string;
  readonly actor: Actor;
  readonly body: { readonly kind: string; readonly [member: string]: unknown };
}

/** An event of the append-only ledger. */
export interface LedgerEvent extends RecordedEvent {
  /** Position in the whole ledger, from 1, without gaps; assigned as the transaction commits. */
  readonly seq: number;
}

export interface EventQuery {
  readonly stream?: string;
  /** Streams that start with this. */
  readonly streamPrefix?: string;
  readonly kinds?: readonly string[];
  readonly afterSeq?: number;
  readonly beforeSeq?: number;
  readonly since?: Instant;
  readonly until?: Instant;
  readonly newestFirst?: boolean;
  /** At most this many; 1,000 unless told. */
  readonly limit?: number;
}

/**
 * The append-only ledger: hash chain and RFC 6962 tree over exact stored bytes. Written only
 * through `Streams.append`, so no event exists without the state change that it belongs to.
 */
export interface Ledger {
  events(query: EventQuery): Promise<readonly LedgerEvent[]>;
  /** Number of events, the head of the chain and the root of the tree (hex). */
  head(): Promise<{ readonly size: number; readonly chain: string; readonly root: string }>;
}
