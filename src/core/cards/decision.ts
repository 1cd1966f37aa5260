import type { View } from '#core/message.ts';
import type { RolloutEvent } from '#core/rollout/events.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { noteFor } from './milestone.ts';
import { standing } from './standing.ts';

/** What somebody, or Signalbox, decided about a release that another had asked for. */
const decided: ReadonlySet<RolloutEvent['kind']> = new Set([
  'approval.given',
  'approval.denied',
  'approval.revoked',
  'plan.voided',
  'rollback.announced',
  'rollback.stopped',
  'abort.begun',
  'override.used',
  'rollout.paused',
  'rollout.stuck',
  'rollout.cancelled',
  'rollout.expired',
  'rollout.superseded',
]);

/**
 * What the requester is told alone, or null when the event is no decision or was the requester's
 * own. `state` is the rollout after the event.
 */
export function decisionFor(event: RolloutEvent, state: RolloutState): View | null {
  if (!decided.has(event.kind)) return null;
  if ('by' in event && typeof event.by !== 'string' && event.by.person === state.requester.person) {
    return null;
  }
  const note = noteFor(event, state);
  if (note === null) return null;
  return {
    ...note,
    blocks: [
      ...note.blocks,
      { kind: 'note', line: [{ kind: 'code', text: state.id }, ` · ${standing(state)}`] },
    ],
  };
}
