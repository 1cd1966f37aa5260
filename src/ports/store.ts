import type { Instant } from '#core/ids.ts';
import type { ActionStore } from './action-store.ts';
import type { ConsoleStore } from './console-store.ts';
import type { Inbox } from './inbox.ts';
import type { Ledger } from './ledger.ts';
import type { LinkStore } from './link-store.ts';
import type { SampleStore } from './sample-store.ts';
import type { SightingStore } from './sighting-store.ts';
import type { Streams } from './streams.ts';
import type { SurfaceStore } from './surface-store.ts';

/** Everything that can be read and written within one transaction. */
export interface Transaction
  extends Ledger,
    Streams,
    Inbox,
    SurfaceStore,
    ActionStore,
    LinkStore,
    SightingStore,
    SampleStore,
    ConsoleStore {
  /** The database's time at the start of this transaction. */
  readonly now: Instant;
}

/**
 * The truth. A transaction commits whole or not at all; when it loses a race with another it is
 * run again, so `run` must have no effect but through its transaction. Within `run` nothing may
 * call `transact`: an embedded database has one session, which would wait for itself. A statement
 * that failed fails the whole transaction, also when `run` caught what it threw.
 * @throws Fault `store.unavailable`, `store.conflict`, `store.fenced`, `store.read_only`, `store.full`
 */
export interface Store {
  transact<T>(run: (tx: Transaction) => Promise<T>): Promise<T>;
  /** The database's time now: for the clock's offset and the skew guard. */
  databaseNow(): Promise<Instant>;
  /** Runs `work` while this process alone holds the named lease; returns false when another holds it. */
  whileLeader(name: string, work: () => Promise<void>): Promise<boolean>;
  healthy(): Promise<boolean>;
  close(): Promise<void>;
}
