import { objectionToApprover } from '#core/access/count-approvals.ts';
import { approval } from '#core/gates/approval.ts';
import type { Instant } from '#core/ids.ts';
import type { Actor } from '#core/people.ts';
import { no, ok, type Result } from '#core/result.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { Authorised } from './authority.ts';
import type { CommandContext } from './command.ts';
import type { RolloutSubject } from './name-rollout.ts';

/**
 * The role under which somebody's approval of a rollout counts: one that its plan asks for, held
 * now. Refusals: `access.*`, `approval.self`, `approval.twice`: what could never count is not taken.
 */
export async function approvalRole(
  context: CommandContext,
  { rollout, service, environment }: RolloutSubject,
): Promise<Result<Authorised>> {
  const given = countedApprovers(rollout, context.world.clock.now());
  const objection = objectionToApprover(context.actor, rollout.requester, given);
  if (objection !== null) return no(objection);

  let answer: Result<Authorised> = ok(context.authorised);
  for (const { gate, options } of rollout.plan?.gates ?? []) {
    const { role } = options;
    if (gate !== 'approval' || typeof role !== 'string') continue;
    // Asked for this very command, so it need not be asked twice.
    if (role === context.authorised.role) return ok(context.authorised);
    answer = await context.authority.holdsRole(context.actor, role, { service, environment });
    if (answer.ok) return answer;
  }
  return answer;
}

/**
 * How long an approval under a role counts, in seconds: what the gate of the plan that asks for the
 * role says, the shortest of several; else `usual`.
 */
export function approvalSeconds(rollout: RolloutState, role: string, usual: number): number {
  const said = (rollout.plan?.gates ?? []).flatMap(({ gate, options }) => {
    if (gate !== approval.name) return [];
    const read = approval.options.safeParse(options);
    if (!read.success || read.data.role !== role) return [];
    return read.data.expires === undefined ? [usual] : [read.data.expires];
  });
  return said.length === 0 ? usual : Math.min(...said);
}

/** Who approved the plan in force, as far as it still counts at `now`. */
export function countedApprovers(rollout: RolloutState, now: Instant): readonly Actor[] {
  return rollout.approvals
    .filter(({ hash, revoked }) => hash === rollout.planHash && revoked === null)
    .filter(({ expiresAt }) => expiresAt > now)
    .map(({ by }) => by);
}
