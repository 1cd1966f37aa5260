import { objectionToApprover } from '#core/access/count-approvals.ts';
import { appliesIn } from '#core/access/roles.ts';
import { waitsForApproval } from '#core/cards/home-view.ts';
import type { Actor } from '#core/people.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { countedApprovers } from './approval-role.ts';
import type { Authority } from './authority.ts';
import type { World } from './world.ts';

/**
 * Those of the open rollouts that wait for this person: they hold a role that the plan asks for,
 * asked for nothing themselves and have not decided yet. For showing: a decision asks anew.
 */
export async function ownApprovals(
  world: Pick<World, 'settings' | 'clock'>,
  authority: Pick<Authority, 'standing'>,
  actor: Actor,
  open: readonly RolloutState[],
): Promise<readonly RolloutState[]> {
  const waiting = open.filter(waitsForApproval);
  if (waiting.length === 0) return [];
  const standing = await authority.standing(actor);
  const held = new Set(standing.filter(({ answer }) => answer === 'yes').map(({ role }) => role));
  const { roles } = world.settings().settings;
  return waiting.filter((state) => {
    const given = countedApprovers(state, world.clock.now());
    if (objectionToApprover(actor, state.requester, given) !== null) return false;
    return (state.plan?.gates ?? []).some(({ gate, options: { role } }) => {
      if (gate !== 'approval' || typeof role !== 'string' || !held.has(role)) return false;
      const named = roles[role];
      return named !== undefined && appliesIn(named, state);
    });
  });
}
