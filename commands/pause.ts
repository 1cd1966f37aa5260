import { changeRollout } from '#app/change-rollout.ts';
import { defineCommand } from '#app/command.ts';
import { reason } from '#app/command-field.ts';
import { nameRollout, rolloutFields } from '#app/name-rollout.ts';

/** Holds a rollout where it stands. */
export const pause = defineCommand({
  name: 'pause',
  summary: 'Pauses a release where it stands.',
  permission: 'advance',
  fields: {
    ...rolloutFields,
    reason: reason().optional(),
  },
  examples: ['pause shop-12', 'pause shop in production because the error rate looks odd'],
  scopeOf: (input, look) => nameRollout(look, input),
  run: (context, input, subject) =>
    changeRollout(
      context,
      subject,
      { kind: 'pause', by: context.actor, reason: input.reason ?? '' },
      (state) => `You paused ${state.id}.`,
    ),
});
