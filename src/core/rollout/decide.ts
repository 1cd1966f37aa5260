import type { Instant } from '#core/ids.ts';
import { refusal } from '#core/refusal.ts';
import { no, type Result } from '#core/result.ts';
import type { RolloutCommand } from './command.ts';
import type { RolloutEvent } from './events.ts';
import { ended, type RolloutState } from './state.ts';

/**
 * Answers a command with the events that it causes, or refuses it.
 * Refusals: `rollout.ended`, `rollout.wrong_phase`, `approval.*`, `plan.superseded`, `reason.required` ...
 */
export function decide(
  state: RolloutState,
  command: RolloutCommand,
  _now: Instant,
): Result<readonly RolloutEvent[]> {
  if (ended(state.phase)) {
    return no(
      refusal('rollout.ended', `${state.id} has ended: ${state.phase}.`, 'Ask for a new one.'),
    );
  }
  return no(
    refusal('rollout.wrong_phase', `${command.kind} is not possible now.`, 'See its status.'),
  );
}
