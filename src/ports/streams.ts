import type { Instant } from '#core/ids.ts';
import type { NewEvent, RecordedEvent } from './ledger.ts';

export type StreamKind =
  | 'rollout'
  | 'place'
  | 'freezes'
  | 'identity'
  | 'system'
  | 'command'
  | 'digest'
  | 'alert'
  | 'watch';

/** A stream and the projection stored beside it. `state` is JSON and a fold over its events. */
export interface StreamRecord {
  readonly id: string;
  readonly kind: StreamKind;
  readonly version: number;
  /** Rises with each claim; writes that carry an older one are refused. */
  readonly fence: number;
  readonly row: StreamRow;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** What is indexed of a stream. Null where it does not apply. */
export interface StreamRow {
  readonly service: string | null;
  readonly environment: string | null;
  readonly phase: string | null;
  /** At most one stream per (service, environment) may be active at a time: the database enforces it. */
  readonly active: boolean;
  /** Once true it stays true: the database refuses any later append. */
  readonly ended: boolean;
  /** When the worker should look again; null when only an event from outside can move it. */
  readonly wakeAt: Instant | null;
  readonly state: unknown;
}

export interface Append {
  readonly stream: string;
  readonly kind: StreamKind;
  /** 0 for a stream that does not exist yet. */
  readonly expectedVersion: number;
  /** The fence of the claim under which this is written; absent for commands of people. */
  readonly fence?: number;
  /** May be empty: then only the row is written. */
  readonly events: readonly NewEvent[];
  readonly row: StreamRow;
}

export interface StreamQuery {
  readonly kind: StreamKind;
  readonly service?: string;
  readonly environment?: string;
  readonly active?: boolean;
  readonly ended?: boolean;
  readonly phases?: readonly string[];
  /** `wakeAt` not later than this. */
  readonly dueBy?: Instant;
  /** Written to at or after this. */
  readonly updatedSince?: Instant;
  readonly newestFirst?: boolean;
  readonly limit?: number;
  /** Records created before this one (for paging). */
  readonly beforeId?: string;
}

/** Streams of events, each with one projection row. */
export interface Streams {
  stream(id: string): Promise<StreamRecord | null>;
  /** The same, and nobody else can append to it until this transaction ends. */
  streamForUpdate(id: string): Promise<StreamRecord | null>;
  streams(query: StreamQuery): Promise<readonly StreamRecord[]>;
  /** Raises the fence and returns the record as claimed; null when there is no such stream. */
  claim(id: string, owner: string): Promise<StreamRecord | null>;
  /**
   * Records events and row together. The checks may be made as late as the commit, so a fault may
   * come from `transact` instead of from here.
   * @throws Fault `store.conflict` when the version is not the expected one or another stream is
   *   active in the place; `store.fenced` when the fence is not the newest; `store.corrupt` when
   *   the stream has ended.
   */
  append(append: Append): Promise<readonly RecordedEvent[]>;
  /** The next number of a named counter, from 1. */
  nextNumber(counter: string): Promise<number>;
}
