import { changeRollout } from '#app/change-rollout.ts';
import { defineCommand } from '#app/command.ts';
import { reason } from '#app/command-field.ts';
import { nameRollout, rolloutFields } from '#app/name-rollout.ts';

/** Says no to one plan. */
export const deny = defineCommand({
  name: 'deny',
  summary: 'Refuses a release that waits for approval.',
  permission: 'approve',
  fields: {
    ...rolloutFields,
    comment: reason('Why not: it is shown and recorded.').optional(),
  },
  examples: ['deny shop-12 because not on a Friday'],
  scopeOf: (input, look) => nameRollout(look, input),
  run: (context, input, subject) =>
    changeRollout(
      context,
      subject,
      {
        kind: 'deny',
        by: context.actor,
        hash: context.planHash,
        comment: input.comment ?? '',
      },
      (state) => `You denied ${state.service} ${state.artifact.version} for ${state.environment}.`,
    ),
});
