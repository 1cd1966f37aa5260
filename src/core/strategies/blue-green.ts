import { z } from 'zod';
import { Duration } from '#core/duration-setting.ts';
import type { Step } from '#core/step.ts';
import type { Strategy, StrategyQuestion } from '#core/strategy.ts';
import { watched } from './stage.ts';

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

/** A full copy beside the old one, all traffic switched at once, the old one kept for a while. */
export const blueGreen: Strategy<Options> = {
  name: 'blue-green',
  summary: 'A full copy beside the old one; all traffic is switched at once.',
  options: Options,
  steps(options, question) {
    return question.waves.flatMap((targets, wave) =>
      targets.flatMap((target) => switchAt(options, question, wave, target)),
    );
  },
};

function switchAt(
  options: Options,
  question: StrategyQuestion,
  wave: number,
  target: string,
): readonly Step[] {
  const { deadlineSeconds } = question;
  if (question.first) return [{ kind: 'replace', wave, target, deadlineSeconds }];
  return [
    { kind: 'prepare', wave, target, capacityPercent: 100, deadlineSeconds },
    ...(options.preview
      ? [{ kind: 'hold' as const, wave, note: 'preview before the switch' }]
      : []),
    { kind: 'shift', wave, target, weight: 100, deadlineSeconds },
    ...watched(question, wave, target, options.watch),
    { kind: 'promote', wave, target, deadlineSeconds },
    ...(options.keep > 0 ? [{ kind: 'bake' as const, wave, seconds: options.keep }] : []),
    { kind: 'retire', wave, target, deadlineSeconds },
  ];
}
