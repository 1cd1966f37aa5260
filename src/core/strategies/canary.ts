import { z } from 'zod';
import { Duration } from '#core/duration-setting.ts';
import type { Step } from '#core/step.ts';
import type { Strategy, StrategyQuestion } from '#core/strategy.ts';
import { everyTarget, prepared, Stage, staged } from './stage.ts';

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

/**
 * A small share of the traffic first, judged, then more. Weights must rise from stage to stage; the
 * targets of a wave go through the stages together.
 */
export const canary: Strategy<Options> = {
  name: 'canary',
  summary: 'A small share of the traffic first, judged against stable, then more.',
  options: Options.refine(
    ({ stages }) => stages.every(({ weight }, at) => weight > (stages[at - 1]?.weight ?? 0)),
    { message: 'expected weights that rise from stage to stage', path: ['stages'] },
  ),
  steps(options, question) {
    return question.waves.flatMap((targets, wave) => canaryAt(options, question, wave, targets));
  },
};

function canaryAt(
  options: Options,
  question: StrategyQuestion,
  wave: number,
  targets: readonly string[],
): readonly Step[] {
  const each = everyTarget(question, wave, targets);
  if (question.first) return each('replace');
  return [
    ...targets.map((target) => prepared(question, wave, target, options.capacityPercent)),
    ...staged(question, wave, targets, options.stages),
    ...each('promote'),
    ...(options.keep > 0 ? [{ kind: 'bake' as const, wave, seconds: options.keep }] : []),
    ...each('retire'),
  ];
}
