import { z } from 'zod';
import { Duration } from '#core/duration-setting.ts';
import { FailurePolicy } from '#core/failure-policy.ts';
import type { Step } from '#core/step.ts';
import type { Strategy, StrategyQuestion } from '#core/strategy.ts';
import { prepared, Stage, watched } from './stage.ts';

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
 * Target after target, wave after wave: the first wave as a canary, the others switched with full
 * capacity; a soak, judged where an analysis is configured, after each wave but the last.
 */
export const waves: Strategy<Options> = {
  name: 'waves',
  summary: 'Cluster after cluster or region after region, with a soak between.',
  options: Options,
  onFailure: ({ onFailure }) => onFailure,
  steps(options, question) {
    return question.waves.flatMap((targets, wave) => [
      ...targets.flatMap((target) => bringUp(options, question, wave, target)),
      ...(wave < question.waves.length - 1 ? between(options, question, targets, wave) : []),
      ...targets.flatMap((target): readonly Step[] => finish(question, wave, target)),
    ]);
  },
};

function bringUp(
  options: Options,
  question: StrategyQuestion,
  wave: number,
  target: string,
): readonly Step[] {
  const { deadlineSeconds } = question;
  if (question.first) return [{ kind: 'replace', wave, target, deadlineSeconds }];
  const stages = wave === 0 ? options.first : [];
  return [
    prepared(question, wave, target, 100),
    ...stages.flatMap((stage): readonly Step[] => [
      { kind: 'shift', wave, target, weight: stage.weight, deadlineSeconds },
      ...watched(question, wave, target, stage.for),
    ]),
    { kind: 'shift', wave, target, weight: 100, deadlineSeconds },
  ];
}

/** Each target of the wave is watched in turn while all of them carry traffic. */
function between(
  options: Options,
  question: StrategyQuestion,
  targets: readonly string[],
  wave: number,
): readonly Step[] {
  const share = Math.max(1, Math.floor(options.soak / targets.length));
  return [
    ...(options.soak > 0
      ? targets.flatMap((target) => watched(question, wave, target, share))
      : []),
    ...(options.hold ? [{ kind: 'hold' as const, wave, note: `after wave ${wave + 1}` }] : []),
  ];
}

function finish(question: StrategyQuestion, wave: number, target: string): readonly Step[] {
  const { deadlineSeconds } = question;
  if (question.first) return [];
  return [
    { kind: 'promote', wave, target, deadlineSeconds },
    { kind: 'retire', wave, target, deadlineSeconds },
  ];
}
