import { z } from 'zod';
import { Duration } from '#core/duration-setting.ts';
import type { Step } from '#core/step.ts';
import type { Strategy, StrategyQuestion } from '#core/strategy.ts';
import { everyTarget, shifted, watched } from './stage.ts';

const Options = z.strictObject({
  preview: z
    .boolean()
    .default(false)
    .describe('Wait for a person to look at the preview before the switch.'),
  watch: Duration.prefault(60).describe(
    'Time after the switch under all traffic, judged where an analysis is configured.',
  ),
  keep: Duration.prefault(0).describe('How long the former copy is kept after that.'),
});
type Options = z.infer<typeof Options>;

/**
 * A full copy beside the old one, all traffic switched at once, the old one kept for a while; the
 * targets of a wave together.
 */
export const blueGreen: Strategy<Options> = {
  name: 'blue-green',
  summary: 'A full copy beside the old one; all traffic is switched at once.',
  options: Options,
  steps(options, question) {
    return question.waves.flatMap((targets, wave) => switchAt(options, question, wave, targets));
  },
};

function switchAt(
  options: Options,
  question: StrategyQuestion,
  wave: number,
  targets: readonly string[],
): readonly Step[] {
  const { deadlineSeconds } = question;
  const each = everyTarget(question, wave, targets);
  if (question.first) return each('replace');
  return [
    ...targets.map((target): Step => {
      return { kind: 'prepare', wave, target, capacityPercent: 100, deadlineSeconds };
    }),
    ...(options.preview
      ? [{ kind: 'hold' as const, wave, note: 'preview before the switch' }]
      : []),
    ...shifted(question, wave, targets, 100),
    ...watched(question, wave, targets, options.watch),
    ...each('promote'),
    ...(options.keep > 0 ? [{ kind: 'bake' as const, wave, seconds: options.keep }] : []),
    ...each('retire'),
  ];
}
