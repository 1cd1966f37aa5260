import { boardRows } from '#core/cards/board-view.ts';
import { boardsOf, tenantsOnBoards } from '#core/delivery/board-mode.ts';
import type { Candidate } from '#core/delivery/candidate.ts';
import { type Deliverable, flowOf, isNote } from '#core/delivery/deliverable.ts';
import { type DeliveryState, freshDelivery, withTold } from '#core/delivery/delivery-state.ts';
import type { Digest } from '#core/delivery/digest.ts';
import { nextCall } from '#core/delivery/next-call.ts';
import { planSends } from '#core/delivery/plan-sends.ts';
import { createAgenda } from './agenda.ts';
import {
  createFigures,
  createGate,
  lastMeasured,
  latencyMs,
  type Outcome,
  progressEveryMs,
  type Scenario,
  urgentEvents,
} from './delivery-simulator.ts';
import { arrived, type SimulatedSurface, type Wish, wished } from './simulated-surfaces.ts';

/** How many surfaces the delivery loop reads in a round. */
const limit = 500;

/** Runs a scenario through the product's own scheduler. */
export function simulateScheduled(scenario: Scenario): Outcome {
  const agenda = createAgenda();
  const gate = createGate();
  const figures = createFigures();
  const end = scenario.seconds * 1000;
  const rows = new Map<string, SimulatedSurface>();
  const due = new Set<string>();
  const busy = new Set<string>();
  const posting = new Set<string>();
  let state: DeliveryState = freshDelivery;
  let roundAt = Number.POSITIVE_INFINITY;

  const channelOf = (rollout: number): string => `C${rollout % scenario.channels}`;
  const numbers = Array.from({ length: scenario.rollouts }, (_, rollout) => rollout);
  const cards = numbers.map((rollout) => ({
    rollout: `${rollout}`,
    platform: 'p',
    tenant: 't',
    channel: channelOf(rollout),
  }));
  const boards = boardsOf(cards, tenantsOnBoards(cards, new Set()), boardRows);

  function desire(wish: Wish): void {
    rows.set(wish.id, wished(rows.get(wish.id), wish, agenda.now()));
    due.add(wish.id);
    if (wish.urgency <= 2) wake(agenda.now());
  }

  function wake(at: number): void {
    if (at >= roundAt) return;
    roundAt = at;
    agenda.at(at, () => {
      if (roundAt !== at) return;
      roundAt = Number.POSITIVE_INFINITY;
      round();
    });
  }

  function round(): void {
    const now = agenda.now();
    const candidates = [...due]
      .flatMap((id) => rows.get(id) ?? [])
      .filter((row) => row.nextDueAt <= now && !busy.has(row.surface.id))
      .toSorted((a, b) => a.surface.urgency - b.surface.urgency || a.nextDueAt - b.nextDueAt)
      .slice(0, limit)
      .map((row) => candidate(row.surface, now));
    const room = { now, room: 24 - busy.size, urgentRoom: 8, posting };
    const plan = planSends(state, candidates, room);
    state = plan.state;
    for (const { id, until } of plan.later) {
      const row = rows.get(id);
      if (row !== undefined) row.nextDueAt = until;
    }
    for (const item of plan.sends) send(item);
    for (const digest of plan.digests) sendDigest(digest);
    wake(Math.min(now + 1000, plan.wakeAt ?? Number.POSITIVE_INFINITY));
  }

  function candidate(surface: Deliverable, now: number): Candidate {
    const { channel } = surface.channel;
    const parent =
      surface.parent === null ? null : { channel: surface.channel, message: surface.parent };
    const call = nextCall(surface, parent, null, now);
    const kind = call.kind === 'edit' ? 'edit' : 'post';
    return {
      surface,
      call,
      rates: scenario.platform.budgets(kind, channel, surface.parent),
      channelRates: scenario.platform.budgets('post', channel, null),
    };
  }

  function send({ surface, call }: Candidate): void {
    const kind = call.kind === 'edit' ? 'edit' : 'post';
    const row = rows.get(surface.id);
    if (row === undefined) return;
    busy.add(surface.id);
    if (kind === 'post') posting.add(flowOf(surface));
    const admitted = admit(kind, surface.channel.channel, surface.parent);
    agenda.at(agenda.now() + latencyMs, () => {
      busy.delete(surface.id);
      posting.delete(flowOf(surface));
      if (admitted) delivered(row, surface);
      wake(agenda.now());
    });
  }

  function sendDigest({ channel, surfaces }: Digest): void {
    for (const { id } of surfaces) busy.add(id);
    const admitted = admit('post', channel.channel, null);
    agenda.at(agenda.now() + latencyMs, () => {
      for (const surface of surfaces) {
        busy.delete(surface.id);
        const row = rows.get(surface.id);
        if (admitted && isNote(surface) && row !== undefined) delivered(row, surface);
      }
      if (admitted)
        state = withTold(
          state,
          surfaces.filter((one) => !isNote(one)),
        );
      wake(agenda.now());
    });
  }

  function admit(kind: 'post' | 'edit', channel: string, thread: string | null): boolean {
    return gate.admit(scenario.platform.limits(kind, channel, thread), agenda.now());
  }

  /** `sent`: the surface as it was when the call was made; newer news may have come since. */
  function delivered(sent: SimulatedSurface, surface: Deliverable): void {
    figures.seen(surface.urgency, sent.happenedAt, agenda.now());
    figures.shown(sent.measured);
    const row = rows.get(surface.id);
    if (row === undefined) return;
    rows.set(surface.id, arrived(row, surface));
    if (row.surface.desiredHash !== surface.desiredHash) return;
    due.delete(surface.id);
    if (surface.final) rows.delete(surface.id);
  }

  /** Progress values: on cards one each, on boards all of a channel at once. */
  function produce(): void {
    const now = agenda.now();
    for (const { id, channel, rollouts } of boards) {
      const measured = new Map(
        rollouts.map((rollout) => [Number(rollout), lastMeasured(Number(rollout), now)]),
      );
      desire({ id, channel, urgency: 3, measured });
    }
    for (const rollout of boards.length > 0 ? [] : numbers) {
      const measured = new Map([[rollout, lastMeasured(rollout, now)]]);
      desire({ id: `card ${rollout}`, channel: channelOf(rollout), urgency: 3, measured });
    }
    agenda.at(now + 2_500, produce);
  }

  function sample(): void {
    figures.sample(agenda.now());
    agenda.at(agenda.now() + progressEveryMs, sample);
  }

  const events = urgentEvents(scenario);
  for (const [index, event] of events.entries()) {
    agenda.at(event.at, () => {
      const channel = channelOf(event.rollout);
      const card = `card ${event.rollout}`;
      desire({ id: `note ${index}`, channel, urgency: 1, parent: card });
      if (event.phase) desire({ id: card, channel, urgency: 2 });
    });
  }
  agenda.at(0, produce);
  agenda.at(Math.min(180_000, end / 4), sample);
  agenda.runUntil(end);
  return figures.outcome(events, end, gate);
}
