import { approvalRole, approvalSeconds } from '#app/approval-role.ts';
import { changeRollout } from '#app/change-rollout.ts';
import { defineCommand } from '#app/command.ts';
import { reason } from '#app/command-field.ts';
import { nameRollout, rolloutFields } from '#app/name-rollout.ts';

/** Says yes to one plan. */
export const approve = defineCommand({
  name: 'approve',
  summary: 'Approves a release that waits for it.',
  permission: 'approve',
  fields: {
    ...rolloutFields,
    comment: reason('What to add: it is shown and recorded.').optional(),
  },
  examples: ['approve shop-12', 'approve shop in production', 'approve shop-12 because tested'],
  scopeOf: (input, look) => nameRollout(look, input),
  async run(context, input, subject) {
    const role = await approvalRole(context, subject);
    if (!role.ok) return role;
    const { approvalExpires } = context.settings.settings.access;
    const seconds = approvalSeconds(subject.rollout, role.value.role, approvalExpires);
    const expiresAt = context.world.clock.now() + seconds * 1000;
    return changeRollout(
      context,
      subject,
      {
        kind: 'approve',
        by: context.actor,
        hash: context.planHash,
        role: role.value.role,
        method: 'chat',
        comment: input.comment ?? '',
        evidence: role.value.evidence,
        expiresAt,
      },
      (state) =>
        `You approved ${state.service} ${state.artifact.version} for ${state.environment}.`,
    );
  },
});
