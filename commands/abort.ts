import { changeRollout } from '#app/change-rollout.ts';
import { defineCommand } from '#app/command.ts';
import { reason } from '#app/command-field.ts';
import { nameRollout, rolloutFields } from '#app/name-rollout.ts';

/** Stops a rollout and goes back to what ran before. */
export const abort = defineCommand({
  name: 'abort',
  summary: 'Stops a release and goes back; before it has started, cancels it.',
  permission: 'abort',
  fields: {
    ...rolloutFields,
    reason: reason().optional(),
  },
  examples: ['abort shop-12', 'abort shop in production because checkout fails'],
  scopeOf: (input, look) => nameRollout(look, input),
  run: (context, input, subject) =>
    changeRollout(
      context,
      subject,
      {
        kind: 'abort',
        by: context.actor,
        cause: { kind: 'person', detail: input.reason ?? '' },
      },
      (state) =>
        state.startedAt === null ? `You cancelled ${state.id}.` : `${state.id} is going back.`,
    ),
});
