import { z } from 'zod';
import { Duration } from '#core/duration-setting.ts';
import type { Step } from '#core/step.ts';
import type { StrategyQuestion } from '#core/strategy.ts';

/** One stage of a canary: a share of the traffic, and what happens while it lasts. */
export const Stage = z.strictObject({
  weight: z.number().int().min(1).max(100),
  for: Duration.prefault(60).describe(
    'How long it lasts: judged where an analysis is configured, else just waited.',
  ),
  hold: z.boolean().default(false).describe('Wait for a person afterwards.'),
});
export type Stage = z.infer<typeof Stage>;

/** Brings the candidate up, with a fresh baseline where it is to be held against one. */
export function prepared(
  question: StrategyQuestion,
  wave: number,
  target: string,
  capacityPercent: number,
): Step {
  const beside = question.freshBaseline ? { baseline: true as const } : {};
  const { deadlineSeconds } = question;
  return { kind: 'prepare', wave, target, capacityPercent, ...beside, deadlineSeconds };
}

/** The same share of the traffic at every target of the wave, one after the other. */
export function shifted(
  { deadlineSeconds }: StrategyQuestion,
  wave: number,
  targets: readonly string[],
  weight: number,
): readonly Step[] {
  return targets.map((target) => ({ kind: 'shift', wave, target, weight, deadlineSeconds }));
}

/** Steps of one kind at every target of the wave, one after the other. */
export function everyTarget(
  { deadlineSeconds }: StrategyQuestion,
  wave: number,
  targets: readonly string[],
): (kind: 'replace' | 'promote' | 'retire') => readonly Step[] {
  return (kind) => targets.map((target) => ({ kind, wave, target, deadlineSeconds }));
}

/** The stages of a canary at all targets of a wave. */
export function staged(
  question: StrategyQuestion,
  wave: number,
  targets: readonly string[],
  stages: readonly Stage[],
): readonly Step[] {
  return stages.flatMap((stage): readonly Step[] => [
    ...shifted(question, wave, targets, stage.weight),
    ...watched(question, wave, targets, stage.for),
    ...(stage.hold ? [{ kind: 'hold' as const, wave, note: `at ${stage.weight} %` }] : []),
  ]);
}

/**
 * Time under traffic: judged when something watches and there is something to compare with, all
 * targets of the wave together.
 */
export function watched(
  question: StrategyQuestion,
  wave: number,
  targets: readonly string[],
  seconds: number,
): readonly Step[] {
  const [target, ...others] = targets;
  if (seconds === 0 || target === undefined) return [];
  if (question.analysis === null || question.first) return [{ kind: 'bake', wave, seconds }];
  return [
    {
      kind: 'analyse',
      wave,
      target,
      ...(others.length === 0 ? {} : { others }),
      analysis: question.analysis,
      seconds,
      everySeconds: Math.min(question.analysisEverySeconds, seconds),
    },
  ];
}
