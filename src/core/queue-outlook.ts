import type { Instant } from './ids.ts';
import type { RolloutState } from './rollout/state.ts';

/**
 * When the turn of one who waits should come: the rest of all that is ahead, by their plans.
 * Null when it cannot be told: one ahead has no plan yet, or waits for a person.
 */
export function expectedTurn(ahead: readonly RolloutState[], now: Instant): Instant | null {
  let at = now;
  for (const rollout of ahead) {
    const seconds = remainingSeconds(rollout, now);
    if (seconds === null) return null;
    at += seconds * 1000;
  }
  return at;
}

/** The rest of a rollout by its plan, in whole seconds; null when a person decides how long it takes. */
function remainingSeconds(rollout: RolloutState, now: Instant): number | null {
  const { plan, phase, startedAt, queue } = rollout;
  if (plan === null || phase === 'paused' || phase === 'stuck') return null;
  if (startedAt === null) return queue === null ? null : plan.expectedSeconds;
  return Math.max(0, Math.round(plan.expectedSeconds - (now - startedAt) / 1000));
}
