import { z } from 'zod';
import { Duration } from '#core/duration-setting.ts';
import { FailurePolicy } from '#core/failure-policy.ts';
import type { Step } from '#core/step.ts';
import type { Strategy, StrategyQuestion } from '#core/strategy.ts';
import { everyTarget, prepared, Stage, shifted, staged, watched } from './stage.ts';

const Options = z.strictObject({
  first: z
    .array(Stage)
    .default([])
    .describe('Stages at each target of the first wave, where the release is least known.'),
  soak: Duration.prefault(300).describe('Time after each wave before the next one begins.'),
  hold: z.boolean().default(false).describe('Wait for a person between waves.'),
  onFailure: FailurePolicy.default('all').describe(
    'What a failure takes back by itself: `all` waves, the last one first; the `wave` at work, while earlier ones keep the new release; or nothing: `stop` and ask.',
  ),
});
type Options = z.infer<typeof Options>;

/**
 * Wave after wave: the first as a canary, the others switched with full capacity; a soak, judged where
 * an analysis is configured, after each wave but the last. The targets of a wave go together, and
 * have one verdict.
 */
export const waves: Strategy<Options> = {
  name: 'waves',
  summary: 'Cluster after cluster or region after region, with a soak between.',
  options: Options,
  onFailure: ({ onFailure }) => onFailure,
  steps(options, question) {
    return question.waves.flatMap((targets, wave) => {
      const each = everyTarget(question, wave, targets);
      return [
        ...(question.first ? each('replace') : bringUp(options, question, wave, targets)),
        ...(wave < question.waves.length - 1 ? between(options, question, wave, targets) : []),
        ...(question.first ? [] : [...each('promote'), ...each('retire')]),
      ];
    });
  },
};

function bringUp(
  options: Options,
  question: StrategyQuestion,
  wave: number,
  targets: readonly string[],
): readonly Step[] {
  return [
    ...targets.map((target) => prepared(question, wave, target, 100)),
    ...staged(question, wave, targets, wave === 0 ? options.first : []),
    ...shifted(question, wave, targets, 100),
  ];
}

/** All targets of the wave are watched together, under all of their traffic. */
function between(
  options: Options,
  question: StrategyQuestion,
  wave: number,
  targets: readonly string[],
): readonly Step[] {
  return [
    ...watched(question, wave, targets, options.soak),
    ...(options.hold ? [{ kind: 'hold' as const, wave, note: `after wave ${wave + 1}` }] : []),
  ];
}
