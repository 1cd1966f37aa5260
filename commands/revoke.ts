import { changeRollout } from '#app/change-rollout.ts';
import { defineCommand } from '#app/command.ts';
import { reason } from '#app/command-field.ts';
import { nameRollout, rolloutFields } from '#app/name-rollout.ts';

/** Takes one's own approval back. */
export const revoke = defineCommand({
  name: 'revoke',
  summary: 'Takes your own approval back.',
  permission: 'view',
  fields: {
    ...rolloutFields,
    reason: reason().optional(),
  },
  examples: ['revoke shop-12', 'revoke shop-12 because I looked at the wrong diff'],
  scopeOf: (input, look) => nameRollout(look, input),
  run: (context, input, subject) =>
    changeRollout(
      context,
      subject,
      { kind: 'revoke', by: context.actor, reason: input.reason ?? '' },
      (state) => `You took your approval of ${state.id} back.`,
    ),
});
