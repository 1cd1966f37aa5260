import { changeRollout } from '#app/change-rollout.ts';
import { defineCommand } from '#app/command.ts';
import { reason } from '#app/command-field.ts';
import { nameRollout, rolloutFields } from '#app/name-rollout.ts';

/** The second person looks at a use of break-glass afterwards. */
export const review = defineCommand({
  name: 'review',
  summary: 'Confirms that you looked at a use of break-glass.',
  permission: 'review',
  fields: {
    ...rolloutFields,
    comment: reason('What you found: it is recorded.').optional(),
  },
  examples: ['review shop-12 because the incident is written up'],
  scopeOf: (input, look) => nameRollout(look, input),
  run: (context, input, subject) =>
    changeRollout(
      context,
      subject,
      { kind: 'review', by: context.actor, comment: input.comment ?? '' },
      (state) => `You reviewed the use of break-glass on ${state.id}.`,
    ),
});
