import type { Rate } from '#core/delivery/bucket.ts';
import { type Budget, callableAt, charged } from '#core/delivery/budget.ts';
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

interface Send {
  readonly rates: readonly Rate[];
  readonly urgency: 1 | 2 | 3;
  readonly at: number;
  readonly measured: ReadonlyMap<number, number>;
}

/**
 * The naive way, for comparison: a card per rollout, and one queue in the order of arrival, as the
 * platforms' own clients keep it, which waits politely for its limits. Nothing is merged.
 */
export function simulateFifo(scenario: Scenario): Outcome {
  const agenda = createAgenda();
  const gate = createGate();
  const figures = createFigures();
  const end = scenario.seconds * 1000;
  const queue: Send[] = [];
  let head = 0;
  let waiting = false;
  let budget: Budget = new Map();

  function enqueue(send: Send): void {
    queue.push(send);
    if (!waiting) drain();
  }

  function drain(): void {
    waiting = false;
    for (let send = queue[head]; send !== undefined; send = queue[head]) {
      const at = callableAt(budget, send.rates, 0, agenda.now());
      if (at > agenda.now()) {
        waiting = true;
        agenda.at(at, drain);
        return;
      }
      head += 1;
      budget = charged(budget, send.rates, agenda.now());
      gate.admit(send.rates, agenda.now());
      arrive(send);
    }
  }

  function arrive(send: Send): void {
    agenda.at(agenda.now() + latencyMs, () => {
      figures.seen(send.urgency, send.at, agenda.now());
      figures.shown(send.measured);
    });
  }

  function rates(kind: 'post' | 'edit', rollout: number): readonly Rate[] {
    const thread = kind === 'post' ? `card ${rollout}` : null;
    return scenario.platform.limits(kind, `C${rollout % scenario.channels}`, thread);
  }

  function tick(rollout: number): void {
    const now = agenda.now();
    const measured = new Map([[rollout, now]]);
    enqueue({ rates: rates('edit', rollout), urgency: 3, at: now, measured });
    agenda.at(now + progressEveryMs, () => tick(rollout));
  }

  function sample(): void {
    figures.sample(agenda.now());
    agenda.at(agenda.now() + progressEveryMs, sample);
  }

  const events = urgentEvents(scenario);
  for (const { at, rollout, phase } of events) {
    agenda.at(at, () => {
      const measured = new Map<number, number>();
      enqueue({ rates: rates('post', rollout), urgency: 1, at, measured });
      if (!phase) return;
      enqueue({ rates: rates('edit', rollout), urgency: 2, at, measured });
    });
  }
  for (let rollout = 0; rollout < scenario.rollouts; rollout += 1) {
    agenda.at(lastMeasured(rollout, progressEveryMs), () => tick(rollout));
  }
  agenda.at(Math.min(180_000, end / 4), sample);
  agenda.runUntil(end);
  return figures.outcome(events, end, gate);
}
