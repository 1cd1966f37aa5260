import type { RolloutEvent } from '#core/rollout/events.ts';
import { ended, type RolloutState } from '#core/rollout/state.ts';
import type { Telemetry } from '#ports/telemetry.ts';

/** Counts what was recorded of a rollout: answers of gates, judgements, ends. */
export function countRollout(
  telemetry: Telemetry,
  { service, environment, phase }: RolloutState,
  events: readonly RolloutEvent[],
): void {
  for (const event of events) {
    if (event.kind === 'gates.evaluated') {
      for (const { gate, verdict } of event.outcomes) {
        telemetry.count('gate_verdicts_total', { gate, verdict });
      }
    } else if (event.kind === 'analysis.judged') {
      telemetry.count('verdicts_total', { action: event.judgement.action });
    }
  }
  if (events.length > 0 && ended(phase)) {
    telemetry.count('rollouts_ended_total', { service, environment, phase });
  }
}
