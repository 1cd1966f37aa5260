import type { Authority } from '#app/authority.ts';
import { countApprovals, isInForce, type Standing } from '#core/access/count-approvals.ts';
import type { Facts } from '#core/facts.ts';
import type { Instant } from '#core/ids.ts';
import type { Approval, RolloutState } from '#core/rollout/state.ts';

/**
 * The approvals that count now for exactly the present plan: each approver is asked about again,
 * live, because a right that was held at the click may be gone at the effect.
 */
export async function verifyApprovals(
  authority: Authority,
  state: RolloutState,
  now: Instant,
): Promise<Facts['approvals']> {
  const hash = state.planHash ?? '';
  const memberships = await Promise.all(
    state.approvals
      .filter((approval) => isInForce(approval, { hash, now }))
      .map((approval) => standingOf(authority, state, approval)),
  );
  const { requester, denials } = state;
  const count = countApprovals(state.approvals, { requester, hash, now, denials, memberships });
  return { ...count, requestedAt: state.planMadeAt ?? state.requestedAt };
}

async function standingOf(
  authority: Authority,
  { service, environment }: RolloutState,
  { by, role }: Approval,
): Promise<Standing> {
  const held = await authority.holdsRole(by, role, { service, environment });
  if (!held.ok) return { account: by.account, role, holds: false, line: held.refusal.message };
  const line = held.value.evidence.map(({ evidence }) => evidence).join('; ');
  return { account: by.account, role, holds: true, line };
}
