import type { Instant } from '#core/ids.ts';
import type { Actor } from '#core/people.ts';
import type { RolloutEvent } from './events.ts';
import type { Approval, RolloutState } from './state.ts';

/** The approval that an event gives. */
export function approvalOf(
  event: Extract<RolloutEvent, { kind: 'approval.given' }>,
  at: Instant,
): Approval {
  return {
    by: event.by,
    hash: event.hash,
    role: event.role,
    method: event.method,
    comment: event.comment,
    evidence: event.evidence,
    at,
    expiresAt: event.expiresAt,
    revoked: null,
  };
}

/** A person's newest decision replaces the one before. */
export function withoutDecisionOf(state: RolloutState, by: Actor): readonly Approval[] {
  return state.approvals.filter((given) => given.by.person !== by.person);
}
