import type { Instant } from '#core/ids.ts';

/** A row of the ledger exactly as it is stored, with the columns that are indexed beside it. */
export interface HistoryEntry {
  readonly seq: number;
  readonly at: Instant;
  readonly stream: string;
  readonly version: number;
  readonly kind: string;
  readonly bytes: Uint8Array;
  readonly prevHash: Uint8Array;
  readonly leafHash: Uint8Array;
  /** Root of the largest perfect subtree that this leaf completes. */
  readonly nodeHash: Uint8Array;
}

/** Where the ledger ends, by what is stored. */
export interface HistoryHead {
  readonly size: number;
  /** Time of the newest event; 0 when there is none. */
  readonly at: Instant;
  readonly chain: Uint8Array;
  /** Roots of the perfect subtrees, largest first. */
  readonly frontier: readonly Uint8Array[];
}

/** The stored history for auditors: raw, nothing concluded from it. */
export interface History {
  /** Rows with `fromSeq <= seq <= toSeq` in rising order, in batches. Rows that exist never change. */
  entries(fromSeq: number, toSeq: number): AsyncIterable<readonly HistoryEntry[]>;
  head(): Promise<HistoryHead>;
  /** The head as it was at this size; null when there are not so many events. */
  headAt(size: number): Promise<HistoryHead | null>;
  /** Keeps a checkpoint (a signed note) made at this size. */
  storeCheckpoint(size: number, note: string): Promise<void>;
  /** Kept checkpoints, newest first. */
  checkpoints(limit: number): Promise<readonly string[]>;
}
