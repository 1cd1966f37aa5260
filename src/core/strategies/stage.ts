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

/** Time under traffic: judged when something watches and there is something to compare with. */
export function watched(
  question: StrategyQuestion,
  wave: number,
  target: string,
  seconds: number,
): readonly Step[] {
  if (seconds === 0) return [];
  if (question.analysis === null || question.first) return [{ kind: 'bake', wave, seconds }];
  return [
    {
      kind: 'analyse',
      wave,
      target,
      analysis: question.analysis,
      seconds,
      everySeconds: Math.min(question.analysisEverySeconds, seconds),
    },
  ];
}
