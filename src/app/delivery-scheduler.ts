import { type Setback, setbackOf } from '#core/delivery/back-off.ts';
import type { Rate } from '#core/delivery/bucket.ts';
import { afterRefusal, fullness } from '#core/delivery/budget.ts';
import type { Candidate } from '#core/delivery/candidate.ts';
import { afterFault, afterSuccess, closedCircuit } from '#core/delivery/circuit.ts';
import { type Deliverable, flowOf, isNote } from '#core/delivery/deliverable.ts';
import { freshDelivery, withTold } from '#core/delivery/delivery-state.ts';
import { type Digest, digestKey, digestView } from '#core/delivery/digest.ts';
import { planSends } from '#core/delivery/plan-sends.ts';
import { Fault } from '#core/fault.ts';
import type { ChatPlatform, MessageRef } from '#ports/chat.ts';
import type { Clock } from '#ports/clock.ts';
import type { Failpoint } from '#ports/failpoint.ts';
import type { Log } from '#ports/log.ts';
import type { Store, Transaction } from '#ports/store.ts';
import type { Telemetry } from '#ports/telemetry.ts';
import { createDeliveryRecords } from './delivery-records.ts';
import { dueMessages } from './due-messages.ts';
import { orBare, type Sent, sendSurface } from './send-surface.ts';

export interface DeliveryNeeds {
  readonly store: Store;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly log: Log;
  readonly failpoint: Failpoint;
  /** A number between 0 and 1, different each time. */
  readonly jitter: () => number;
}

/** The scheduler of one platform. */
export interface DeliveryScheduler {
  /**
   * Begins what can be sent now, without waiting for it. Returns in how many milliseconds more can
   * be sent; null when nothing waits for its budget.
   */
  round(): Promise<number | null>;
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
}

/** Surfaces read in a round; calls under way at a time, and those that only urgent ones may use. */
const readMax = 500;
const underWayMax = 24;
const urgentMax = 8;

/** Builds the scheduler. `changed` is called when something has ended and a round may find more. */
export function createDeliveryScheduler(
  needs: DeliveryNeeds,
  platform: ChatPlatform,
  changed: () => void,
): DeliveryScheduler {
  const { store, clock, telemetry, log, failpoint, jitter } = needs;
  const name = platform.name;
  const records = createDeliveryRecords(store, log);
  const underWay = new Set<Promise<void>>();
  const busy = new Set<string>();
  const posting = new Set<string>();
  let state = freshDelivery;
  let circuit = closedCircuit;
  /** False when the last round began all that was due, and nothing has failed since. */
  let more = true;

  async function round(): Promise<number | null> {
    // What ends during a round was perhaps read before it did.
    more = true;
    await records.flush();
    const now = clock.now();
    if (circuit.openUntil > now) return circuit.openUntil - now;
    // What ends while we read was read as if it were still to be sent.
    const before = new Set(busy);
    const due = await dueMessages(store, platform, readMax, now);
    const candidates = due.candidates.filter(({ surface }) => !before.has(surface.id));
    const room = Math.max(0, underWayMax - underWay.size);
    const plan = planSends(state, candidates, { now, room, urgentRoom: urgentMax, posting });
    state = plan.state;
    const later = [...plan.later, ...due.stranded];
    if (later.length > 0) {
      await store.transact(async (tx) => {
        for (const { id, until } of later) await tx.postpone(id, until, 'budget');
      });
    }
    for (const item of plan.sends) begin([item.surface], item, () => deliver(item));
    for (const digest of plan.digests) begin(digest.surfaces, null, () => deliverDigest(digest));
    more = due.candidates.length > plan.sends.length;
    telemetry.gauge('delivery_budget_left', fullness(state.budget, now), { platform: name });
    return plan.wakeAt === null ? null : Math.max(0, plan.wakeAt - now);
  }

  function begin(
    surfaces: readonly Deliverable[],
    item: Candidate | null,
    work: () => Promise<void>,
  ): void {
    const flow = item?.call.kind === 'post' ? flowOf(item.surface) : null;
    for (const { id } of surfaces) busy.add(id);
    if (flow !== null) posting.add(flow);
    const running = work().finally(() => {
      for (const { id } of surfaces) busy.delete(id);
      if (flow !== null) posting.delete(flow);
      underWay.delete(running);
      if (more) changed();
    });
    underWay.add(running);
  }

  async function deliver(item: Candidate): Promise<void> {
    const { surface } = item;
    try {
      const sent = await sendSurface({ platform, failpoint, log }, item);
      worked([surface], sent.how);
      await records.record([surface.id], (tx) => recordSent(tx, surface, sent));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const setback = failed(error, item.rates, surface.failures);
      if (setback.kind === 'frozen') return;
      await records.record([surface.id], (tx) => recordSetback(tx, item, setback));
    }
  }

  async function recordSent(tx: Transaction, surface: Deliverable, sent: Sent): Promise<void> {
    const { id, desiredRevision, desiredHash, anchoredAt } = surface;
    const since = sent.anchored ? clock.now() : (anchoredAt ?? clock.now());
    await tx.delivered(id, desiredRevision, desiredHash, sent.message, since);
  }

  async function recordSetback(
    tx: Transaction,
    { surface, call }: Candidate,
    setback: Exclude<Setback, { kind: 'frozen' }>,
  ): Promise<void> {
    const threadGone = setback.why === 'gone' && call.kind !== 'edit';
    if (!threadGone) return tx.postpone(surface.id, setback.at, setback.why);
    // The place to post in is gone: with it went the card, which is posted anew first.
    if (surface.parent !== null) await tx.postpone(surface.parent, setback.at, 'gone');
    await tx.postpone(surface.id, setback.at + 1_000, 'failed');
  }

  async function deliverDigest({ channel, surfaces }: Digest): Promise<void> {
    try {
      await failpoint('before-send');
      const message = await orBare({ platform, failpoint, log }, digestView(surfaces), (view) =>
        platform.post(channel, view, digestKey(surfaces)),
      );
      await failpoint('after-send');
      worked(surfaces, 'digest');
      state = withTold(
        state,
        surfaces.filter((surface) => !isNote(surface)),
      );
      await recordTold(surfaces.filter(isNote), message);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const setback = failed(error, platform.scopes('post', channel), 0);
      if (setback.kind === 'frozen') return;
      const ids = surfaces.map(({ id }) => id);
      await records.record(ids, async (tx) => {
        for (const id of ids) await tx.postpone(id, setback.at, 'failed');
      });
    }
  }

  /** Notes are told with the digest; cards keep their own message, which follows. */
  async function recordTold(notes: readonly Deliverable[], message: MessageRef): Promise<void> {
    const ids = notes.map(({ id }) => id);
    await records.record(ids, async (tx) => {
      for (const { id, desiredRevision, desiredHash } of notes) {
        await tx.delivered(id, desiredRevision, desiredHash, message, clock.now());
      }
    });
  }

  function worked(surfaces: readonly Deliverable[], outcome: Sent['how'] | 'digest'): void {
    circuit = afterSuccess(circuit);
    telemetry.count('deliveries_total', { platform: name, outcome });
    for (const surface of surfaces) {
      const lag = (clock.now() - surface.desiredAt) / 1000;
      telemetry.observe('delivery_lag_seconds', lag, { urgency: `${surface.urgency}` });
      const skipped = surface.desiredRevision - surface.deliveredRevision - 1;
      if (skipped > 0) telemetry.count('deliveries_coalesced_total', { platform: name }, skipped);
    }
  }

  function failed(fault: Fault, rates: readonly Rate[], failures: number): Setback {
    more = true;
    const now = clock.now();
    const { code, scope } = fault;
    telemetry.count('deliveries_total', { platform: name, outcome: code.replace('chat.', '') });
    const before = circuit;
    circuit = afterFault(circuit, code, now);
    if (circuit.openUntil > before.openUntil) {
      log.error('A chat platform is left alone for a while', {
        platform: name,
        until: circuit.openUntil,
        error: fault,
      });
    }
    const setback = setbackOf(code, failures, jitter(), now);
    if (setback.kind !== 'frozen') {
      log.warn('A message could not be delivered; it will be tried again', {
        platform: name,
        failures,
        error: fault,
      });
      return setback;
    }
    telemetry.count('rate_limited_total', { platform: name });
    const refusal = { scope, retryAfterMs: fault.retryAfterMs ?? 1_000, jitter: jitter() };
    state = { ...state, budget: afterRefusal(state.budget, rates, refusal, now) };
    return setback;
  }

  return {
    round,
    async settled() {
      await Promise.all(underWay);
    },
  };
}
