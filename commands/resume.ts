import { changeRollout } from '#app/change-rollout.ts';
import { defineCommand } from '#app/command.ts';
import { reason } from '#app/command-field.ts';
import { nameRollout, rolloutFields } from '#app/name-rollout.ts';

/** Lets a rollout go on from where it paused. */
export const resume = defineCommand({
  name: 'resume',
  summary: 'Lets a paused or stuck release go on.',
  permission: 'advance',
  fields: {
    ...rolloutFields,
    reason: reason().optional(),
  },
  examples: ['resume shop-12', 'resume shop because the metrics are back'],
  scopeOf: (input, look) => nameRollout(look, input),
  run: (context, input, subject) =>
    changeRollout(
      context,
      subject,
      { kind: 'resume', by: context.actor, reason: input.reason ?? '' },
      (state) => `You resumed ${state.id}.`,
    ),
});
