import { objectionToApprover } from '#core/access/count-approvals.ts';
import type { Instant } from '#core/ids.ts';
import { type Refusal, refusal } from '#core/refusal.ts';
import { no, ok, type Result } from '#core/result.ts';
import type { RolloutCommand } from './command.ts';
import type { RolloutEvent } from './events.ts';
import type { RolloutState } from './state.ts';

type ApprovalCommand = Extract<RolloutCommand, { kind: 'approve' | 'deny' | 'revoke' }>;

/** Approvals, denials and their withdrawal. A decision binds to the plan hash that was shown. */
export function decideApproval(
  state: RolloutState,
  command: ApprovalCommand,
  now: Instant,
): Result<readonly RolloutEvent[]> {
  const hash = state.planHash;
  if (hash === null || state.plan === null) {
    return no(
      refusal('approval.not_needed', `${state.id} has no plan yet.`, 'Wait a moment for its plan.'),
    );
  }
  if (command.kind === 'revoke') return revoke(state, command, hash);
  const wrong = mismatch(state, command, hash, now);
  if (wrong !== null) return no(wrong);
  if (command.kind === 'deny') {
    return ok([
      { kind: 'approval.denied', by: command.by, hash, comment: command.comment },
      ...(state.startedAt === null
        ? [
            {
              kind: 'rollout.cancelled' as const,
              by: command.by,
              reason: command.comment === '' ? 'denied' : `denied: ${command.comment}`,
            },
          ]
        : [
            {
              kind: 'rollout.paused' as const,
              reason: 'gate' as const,
              detail: 'an approval was denied',
              by: command.by,
            },
          ]),
    ]);
  }
  return ok([
    {
      kind: 'approval.given',
      by: command.by,
      hash,
      role: command.role,
      method: command.method,
      comment: command.comment,
      evidence: [...command.evidence],
      expiresAt: command.expiresAt,
    },
  ]);
}

function mismatch(
  state: RolloutState,
  command: Extract<ApprovalCommand, { kind: 'approve' | 'deny' }>,
  hash: string,
  now: Instant,
): Refusal | null {
  if (command.hash !== null && command.hash !== hash) {
    return refusal(
      'plan.superseded',
      `That card shows an earlier plan of ${state.id}.`,
      'Read the newest card and decide there.',
    );
  }
  if (!state.plan?.gates.some(({ gate }) => gate === 'approval')) {
    return refusal(
      'approval.not_needed',
      `${state.id} needs no approval.`,
      'Nothing needs to be done.',
    );
  }
  if (state.plan.notAfter <= now) {
    return refusal(
      'approval.expired',
      `The request for ${state.id} has expired.`,
      'Ask the requester to request it again.',
    );
  }
  if (command.kind === 'deny') return null;
  const given = state.approvals.filter(
    (approval) => approval.hash === hash && approval.revoked === null && approval.expiresAt > now,
  );
  return objectionToApprover(
    command.by,
    state.requester,
    given.map(({ by }) => by),
  );
}

function revoke(
  state: RolloutState,
  command: Extract<ApprovalCommand, { kind: 'revoke' }>,
  hash: string,
): Result<readonly RolloutEvent[]> {
  const mine = state.approvals.some(
    (approval) =>
      approval.by.person === command.by.person &&
      approval.hash === hash &&
      approval.revoked === null,
  );
  if (!mine) {
    return no(
      refusal(
        'approval.not_given',
        `You have not approved ${state.id}.`,
        'There is nothing to take back.',
      ),
    );
  }
  return ok([{ kind: 'approval.revoked', by: command.by, hash, because: command.reason }]);
}
