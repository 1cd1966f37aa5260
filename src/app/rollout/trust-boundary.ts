import { z } from 'zod';
import { RolloutEvent } from '#core/rollout/events.ts';
import type { RolloutState } from '#core/rollout/state.ts';

/** The version of the projection that this code writes and understands. */
export const projectionFormat = 1;

const Envelope = z.object({
  format: z.literal(projectionFormat),
  rollout: z.custom<RolloutState>(
    (value) => typeof value === 'object' && value !== null && 'phase' in value && 'id' in value,
  ),
});

/**
 * Reads the projection that `storedRollout` wrote. Only its envelope is checked: the database is
 * ours, and the crash tests compare each projection with the fold of its events.
 * @throws ZodError when another version wrote it: refuse to act rather than guess.
 */
export function readRollout(stored: unknown): RolloutState {
  return Envelope.parse(stored).rollout;
}

/** The projection as it is stored. */
export function storedRollout(rollout: RolloutState): unknown {
  return { format: projectionFormat, rollout };
}

/** Reads an event body of a rollout's stream. */
export function readRolloutEvent(body: unknown): RolloutEvent {
  return RolloutEvent.parse(body);
}
