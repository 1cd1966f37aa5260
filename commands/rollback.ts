import { changeRollout } from '#app/change-rollout.ts';
import { defineCommand } from '#app/command.ts';
import { reason, version } from '#app/command-field.ts';
import { rolloutFields } from '#app/name-rollout.ts';
import { nameWayBack } from '#app/name-way-back.ts';
import { requestRollout } from '#app/request-rollout.ts';

/** Goes back to what ran before: a release under way turns round, a finished one is followed by its predecessor. */
export const rollback = defineCommand({
  name: 'rollback',
  summary: 'Goes back to the release before, or to a named one that was live before.',
  permission: 'rollback',
  fields: {
    ...rolloutFields,
    version: version('A version that was live there before.', { introducedBy: 'to' }).optional(),
    reason: reason().optional(),
  },
  examples: [
    'rollback api in production',
    'rollback shop-12 because checkout fails',
    'rollback api in production to v1.4.1',
  ],
  scopeOf: (input, look) => nameWayBack(look, input),
  run(context, input, way) {
    const { reason: why = '' } = input;
    if (way.kind === 'turn') {
      const cause = { kind: 'person', detail: why } as const;
      const abort = { kind: 'abort', by: context.actor, cause } as const;
      return changeRollout(context, way, abort, (state) =>
        state.startedAt === null ? `${state.id} is cancelled.` : `${state.id} is going back.`,
      );
    }
    return requestRollout(context, {
      intent: 'rollback',
      service: way.service,
      environment: way.environment,
      artifact: way.artifact,
      reason: why,
      breakGlass: false,
      steal: false,
    });
  },
});
