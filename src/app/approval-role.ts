import { objectionToApprover } from '#core/access/count-approvals.ts';
import { no, ok, type Result } from '#core/result.ts';
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
  const given = rollout.approvals
    .filter(({ hash, revoked }) => hash === rollout.planHash && revoked === null)
    .filter(({ expiresAt }) => expiresAt > context.world.clock.now());
  const objection = objectionToApprover(
    context.actor,
    rollout.requester,
    given.map(({ by }) => by),
  );
  if (objection !== null) return no(objection);

  let answer: Result<Authorised> = ok(context.authorised);
  for (const { gate, options } of rollout.plan?.gates ?? []) {
    const { role } = options;
    if (gate !== 'approval' || typeof role !== 'string') continue;
    answer = await context.authority.holdsRole(context.actor, role, { service, environment });
    if (answer.ok) return answer;
  }
  return answer;
}
