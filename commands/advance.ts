import { mayBreakGlass } from '#app/break-glass.ts';
import { changeRollout } from '#app/change-rollout.ts';
import { defineCommand } from '#app/command.ts';
import { count, flag, reason } from '#app/command-field.ts';
import { nameRollout, rolloutFields } from '#app/name-rollout.ts';

/** Passes a hold, skips waiting steps, or breaks the glass of a gate that stands in the way. */
export const advance = defineCommand({
  name: 'advance',
  summary: 'Lets a release pass the step at which it waits for a person.',
  permission: 'advance',
  fields: {
    ...rolloutFields,
    step: count('Skip waiting and analysis up to this step.', { introducedBy: 'step' }).optional(),
    reason: reason().optional(),
    breakGlass: flag('Pass the gates that stand in the way and may be passed.'),
  },
  examples: [
    'advance shop-12',
    'advance shop-12 step 4 because seen enough',
    'advance shop-12 --break-glass because customers cannot pay',
  ],
  scopeOf: (input, look) => nameRollout(look, input),
  async run(context, input, subject) {
    const { actor } = context;
    const why = input.reason ?? '';
    if (input.breakGlass) {
      const may = await mayBreakGlass(context, subject, why);
      if (!may.ok) return may;
      const { evidence } = may.value;
      const override = { kind: 'override', by: actor, reason: why, evidence } as const;
      return changeRollout(
        context,
        subject,
        override,
        (state) => `You broke the glass for ${state.id}. A second person has to review it.`,
      );
    }
    const toStep = input.step === undefined ? null : input.step - 1;
    return changeRollout(
      context,
      subject,
      { kind: 'advance', by: actor, reason: why, toStep },
      (state) => `You advanced ${state.id}.`,
    );
  },
});
