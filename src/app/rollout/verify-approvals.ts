import type { Authority } from '#app/authority.ts';
import type { Facts } from '#core/facts.ts';
import type { Instant } from '#core/ids.ts';
import type { Actor } from '#core/people.ts';
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
  const counted: { actor: Actor; role: string; evidence: string }[] = [];
  const notCounted: { actor: Actor; because: string }[] = [];
  for (const approval of state.approvals) {
    const seen = await verifyOne(authority, state, approval, now);
    const twice = counted.some(({ actor }) => actor.person === approval.by.person);
    if (seen.counts && !twice) {
      counted.push({ actor: approval.by, role: approval.role, evidence: seen.why });
    } else {
      notCounted.push({ actor: approval.by, because: twice ? 'one person counts once' : seen.why });
    }
  }
  return {
    counted,
    notCounted,
    denied: state.denials
      .filter(({ hash }) => hash === state.planHash)
      .map(({ by, comment }) => ({ actor: by, comment })),
    requestedAt: state.planMadeAt ?? state.requestedAt,
  };
}

async function verifyOne(
  authority: Authority,
  state: RolloutState,
  approval: Approval,
  now: Instant,
): Promise<{ readonly counts: boolean; readonly why: string }> {
  if (approval.hash !== state.planHash) return { counts: false, why: 'it was for an earlier plan' };
  if (approval.revoked !== null) return { counts: false, why: `taken back: ${approval.revoked}` };
  if (approval.expiresAt <= now) return { counts: false, why: 'it has expired' };
  if (approval.by.person === state.requester.person) {
    return { counts: false, why: 'nobody approves their own request' };
  }
  const scope = { service: state.service, environment: state.environment };
  const held = await authority.holdsRole(approval.by, approval.role, scope);
  if (!held.ok) return { counts: false, why: held.refusal.message };
  const evidence = held.value.evidence.find(({ answer }) => answer === 'yes')?.evidence ?? '';
  return { counts: true, why: evidence };
}
