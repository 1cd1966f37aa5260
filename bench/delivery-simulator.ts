import type { Rate, Urgency } from '#core/delivery/bucket.ts';
import { type Budget, bucketOf, charged } from '#core/delivery/budget.ts';

/** What a platform allows, and what we let ourselves use of it. */
export interface PlatformModel {
  readonly name: string;
  /** What the platform enforces: a call that finds no token is refused. */
  readonly limits: (
    call: 'post' | 'edit',
    channel: string,
    thread: string | null,
  ) => readonly Rate[];
  /** What the scheduler is told. */
  readonly budgets: (
    call: 'post' | 'edit',
    channel: string,
    thread: string | null,
  ) => readonly Rate[];
}

/** Slack: posts once a second per channel, a few hundred a minute per workspace; edits fifty a minute in all. */
export const slack: PlatformModel = {
  name: 'Slack',
  limits: (call, channel) =>
    call === 'edit'
      ? [{ scope: 'update', capacity: 10, perSecond: 50 / 60 }]
      : [
          { scope: `post ${channel}`, capacity: 2, perSecond: 1 },
          { scope: 'post', capacity: 30, perSecond: 5 },
        ],
  budgets: (call, channel) =>
    call === 'edit'
      ? [{ scope: 'update', capacity: 5, perSecond: 45 / 60 }]
      : [
          { scope: `post ${channel}`, capacity: 1, perSecond: 1 },
          { scope: 'post', capacity: 20, perSecond: 4 },
        ],
};

/** Discord: five in five seconds per channel and route, a thread being its own channel; fifty a second in all. */
export const discord: PlatformModel = {
  name: 'Discord',
  limits: (call, channel, thread) => [
    { scope: `${call} ${thread ?? channel}`, capacity: 5, perSecond: 1 },
    { scope: 'global', capacity: 50, perSecond: 50 },
  ],
  budgets: (call, channel, thread) => [
    { scope: `${call} ${thread ?? channel}`, capacity: 4, perSecond: 0.8 },
    { scope: 'global', capacity: 20, perSecond: 40 },
  ],
};

export interface Scenario {
  readonly platform: PlatformModel;
  readonly rollouts: number;
  readonly channels: number;
  readonly seconds: number;
  /** So many urgent events besides, all within one second, in the middle. */
  readonly storm: number;
  readonly seed: number;
}

/** What came of it. Lags and ages in seconds. */
export interface Outcome {
  readonly urgentP50: number;
  readonly urgentP99: number;
  readonly urgentMax: number;
  /** Of those alone that happened in the storm; 0 without one. */
  readonly stormP99: number;
  /** Urgent messages that nobody has seen at the end, the last ten seconds left out. */
  readonly unsent: number;
  readonly phaseP99: number;
  readonly ageP50: number;
  readonly ageP99: number;
  readonly refused: number;
  readonly calls: number;
}

/** Something happened in a rollout that people must hear of: a new message. */
export interface UrgentEvent {
  readonly at: number;
  readonly rollout: number;
  /** The card changes its phase with it. */
  readonly phase: boolean;
}

/** Milliseconds between two progress values of a rollout, and the mean between two urgent events. */
export const progressEveryMs = 10_000;
const urgentEveryMs = 600_000;
/** How long a platform takes to answer. */
export const latencyMs = 150;

/** All urgent events of a scenario, in order; the same seed gives the same events. */
export function urgentEvents(scenario: Scenario): readonly UrgentEvent[] {
  const random = mulberry(scenario.seed);
  const end = scenario.seconds * 1000;
  const events: UrgentEvent[] = [];
  for (let rollout = 0; rollout < scenario.rollouts; rollout += 1) {
    let at = -Math.log(1 - random()) * urgentEveryMs;
    while (at < end) {
      events.push({ at: Math.round(at), rollout, phase: random() < 0.25 });
      at += -Math.log(1 - random()) * urgentEveryMs;
    }
  }
  for (let index = 0; index < scenario.storm; index += 1) {
    const at = Math.round(end / 2 + random() * 1000);
    events.push({ at, rollout: Math.floor(random() * scenario.rollouts), phase: random() < 0.25 });
  }
  return events.toSorted((a, b) => a.at - b.at);
}

/** The platform's own bookkeeping: says whether a call is let through. */
export function createGate(): {
  admit(rates: readonly Rate[], now: number): boolean;
  refused(): number;
  calls(): number;
} {
  let budget: Budget = new Map();
  let refused = 0;
  let calls = 0;
  return {
    admit(rates, now) {
      calls += 1;
      if (rates.some((rate) => bucketOf(budget, rate, now).tokens < 1 - 1e-6)) {
        refused += 1;
        return false;
      }
      budget = charged(budget, rates, now);
      return true;
    },
    refused: () => refused,
    calls: () => calls,
  };
}

/** When the newest progress value of a rollout was measured: each has its own phase. */
export function lastMeasured(rollout: number, now: number): number {
  const phase = (rollout * 7919) % progressEveryMs;
  return Math.floor((now - phase) / progressEveryMs) * progressEveryMs + phase;
}

/** Collects what people saw, and when. */
export function createFigures(): {
  seen(urgency: Urgency, happenedAt: number, now: number): void;
  /** Values that people can see from now on, by rollout: when they were measured. */
  shown(measured: ReadonlyMap<number, number>): void;
  sample(now: number): void;
  outcome(
    events: readonly UrgentEvent[],
    end: number,
    gate: { refused(): number; calls(): number },
  ): Outcome;
} {
  const lags: Record<Urgency, number[]> = { 0: [], 1: [], 2: [], 3: [] };
  const urgent: { readonly at: number; readonly lag: number }[] = [];
  const visible = new Map<number, number>();
  const ages: number[] = [];
  return {
    seen(urgency, happenedAt, now) {
      lags[urgency].push((now - happenedAt) / 1000);
      if (urgency === 1) urgent.push({ at: happenedAt, lag: (now - happenedAt) / 1000 });
    },
    shown(measured) {
      for (const [rollout, at] of measured) visible.set(rollout, at);
    },
    sample(now) {
      for (const at of visible.values()) ages.push((now - at) / 1000);
    },
    outcome(events, end, gate) {
      const storm = urgent.filter(({ at }) => at >= end / 2 && at <= end / 2 + 1000);
      const early = events.filter(({ at }) => at < end - 10_000).length;
      return {
        urgentP50: quantile(lags[1], 0.5),
        urgentP99: quantile(lags[1], 0.99),
        urgentMax: quantile(lags[1], 1),
        stormP99: quantile(
          storm.map(({ lag }) => lag),
          0.99,
        ),
        unsent: Math.max(0, early - lags[1].length),
        phaseP99: quantile(lags[2], 0.99),
        ageP50: quantile(ages, 0.5),
        ageP99: quantile(ages, 0.99),
        refused: gate.refused(),
        calls: gate.calls(),
      };
    },
  };
}

/** A small seeded generator (Mulberry32): a benchmark must be repeatable. */
function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The value at a share of the sorted values; 0 for none. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
