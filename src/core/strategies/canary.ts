import { z } from 'zod';
import { Duration } from '#core/duration-setting.ts';
import type { Step } from '#core/step.ts';
import type { Strategy, StrategyQuestion } from '#core/strategy.ts';
import { prepared, Stage, watched } from './stage.ts';

const Options = z.strictObject({
  stages: z.array(Stage).min(1),
  capacityPercent: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(34)
    .describe(
      'Capacity of the candidate at the start, in percent of stable; it follows the weight later.',
    ),
  keep: Duration.prefault(0).describe(
    'How long the former stable is kept after promotion, so that going back is instant.',
  ),
});
type Options = z.infer<typeof Options>;

/** A small share of the traffic first, judged, then more. Weights must rise from stage to stage. */
export const canary: Strategy<Options> = {
  name: 'canary',
  summary: 'A small share of the traffic first, judged against stable, then more.',
  options: Options.refine(
    ({ stages }) => stages.every(({ weight }, at) => weight > (stages[at - 1]?.weight ?? 0)),
    { message: 'expected weights that rise from stage to stage', path: ['stages'] },
  ),
  steps(options, question) {
    return question.waves.flatMap((targets, wave) =>
      targets.flatMap((target) => canaryAt(options, question, wave, target)),
    );
  },
};

function canaryAt(
  options: Options,
  question: StrategyQuestion,
  wave: number,
  target: string,
): readonly Step[] {
  const { deadlineSeconds } = question;
  if (question.first) return [{ kind: 'replace', wave, target, deadlineSeconds }];
  return [
    prepared(question, wave, target, options.capacityPercent),
    ...options.stages.flatMap((stage): readonly Step[] => [
      { kind: 'shift', wave, target, weight: stage.weight, deadlineSeconds },
      ...watched(question, wave, target, stage.for),
      ...(stage.hold ? [{ kind: 'hold' as const, wave, note: `at ${stage.weight} %` }] : []),
    ]),
    { kind: 'promote', wave, target, deadlineSeconds },
    ...(options.keep > 0 ? [{ kind: 'bake' as const, wave, seconds: options.keep }] : []),
    { kind: 'retire', wave, target, deadlineSeconds },
  ];
}
