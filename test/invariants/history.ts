import type { RolloutEvent } from '#core/rollout/events.ts';
import type { Stamp, TargetChange } from '#core/target-state.ts';

/** An event of a rollout's stream, as the ledger has it. */
export interface HistoryEvent {
  readonly seq: number;
  /** Milliseconds of the database's clock. */
  readonly at: number;
  readonly rollout: string;
  readonly version: number;
  readonly event: RolloutEvent;
}

/** A change that took effect, as the target itself wrote it down. */
export interface HistoryEffect {
  readonly at: number;
  readonly target: string;
  readonly change: TargetChange;
  readonly stamp: Stamp;
}

/** A message as the chat platform has it in the end. */
export interface HistoryMessage {
  /** Of a rollout's messages: `rollout:<id>:…`. */
  readonly key: string;
  readonly text: string;
}

/** An answer that somebody outside got for a request. */
export interface HistoryAnswer {
  readonly at: number;
  /** The rollout that was promised; null for a refusal. */
  readonly rollout: string | null;
}

/** A time in which something could not be reached at all. */
export interface HistoryOutage {
  readonly of: 'store' | 'target' | 'metrics';
  readonly from: number;
  readonly to: number;
}

/** What was recorded of a run: by the ledger, and by those outside whom it must agree with. */
export interface History {
  readonly events: readonly HistoryEvent[];
  readonly effects: readonly HistoryEffect[];
  readonly messages: readonly HistoryMessage[];
  readonly answers: readonly HistoryAnswer[];
  readonly outages: readonly HistoryOutage[];
  /** What `audit verify` said. */
  readonly audit: 'intact' | 'unanchored' | 'broken';
  /** Everything that was written anywhere: logs, messages, events, jobs. */
  readonly written: readonly string[];
  /** What must not stand in any of it. */
  readonly secrets: readonly string[];
}

export type Invariant =
  | 'I1'
  | 'I2'
  | 'I3'
  | 'I4'
  | 'I5'
  | 'I6'
  | 'I7'
  | 'I8'
  | 'I9'
  | 'I10'
  | 'I11'
  | 'I12';

/** Where a history breaks what must always hold. */
export interface Violation {
  readonly invariant: Invariant;
  readonly what: string;
}

/** What the clocks of the database and of those outside may differ by, in milliseconds. */
export const clockToleranceMs = 100;

/** The step in the stamps of changes on the way back, which no plan lists. */
export const wayBack = 9999;

/** Terminal phases by the events that lead there. */
export const endings = {
  'rollout.succeeded': 'succeeded',
  'rollout.rolled_back': 'rolled_back',
  'rollout.cancelled': 'cancelled',
  'rollout.expired': 'expired',
  'rollout.superseded': 'superseded',
} as const satisfies Partial<Record<RolloutEvent['kind'], string>>;

/** The phase that an event ends a rollout with; null for one that does not end it. */
export function endingOf({ kind }: RolloutEvent): (typeof endings)[keyof typeof endings] | null {
  return kind in endings
    ? (Object.entries(endings).find(([ending]) => ending === kind)?.[1] ?? null)
    : null;
}

/** The events of each rollout, oldest first. */
export function byRollout(history: History): ReadonlyMap<string, readonly HistoryEvent[]> {
  const sorted = history.events.toSorted((a, b) => a.seq - b.seq);
  return Map.groupBy(sorted, ({ rollout }) => rollout);
}
