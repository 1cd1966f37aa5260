import { changeRollout } from '#app/change-rollout.ts';
import { defineCommand } from '#app/command.ts';
import { reason } from '#app/command-field.ts';
import { nameRollout, rolloutFields } from '#app/name-rollout.ts';

/** Stops the countdown of an automatic rollback. */
export const stopRollback = defineCommand({
  name: 'stop-rollback',
  summary: 'Stops an announced automatic rollback; the release pauses instead.',
  permission: 'rollback',
  fields: {
    ...rolloutFields,
    reason: reason().optional(),
  },
  examples: ['stop-rollback shop-12', 'stop-rollback shop because the alarm is known'],
  scopeOf: (input, look) => nameRollout(look, input),
  run: (context, input, subject) =>
    changeRollout(
      context,
      subject,
      { kind: 'stop-rollback', by: context.actor, reason: input.reason ?? '' },
      (state) => `You stopped the rollback of ${state.id}; it is paused.`,
    ),
});
