import { z } from 'zod';
import type { Analysis } from './metric.ts';

/**
 * The stages of one release at one target that are judged as one: the same candidate against the same
 * stable, at another share of the traffic.
 */
export const Stages = z.strictObject({
  /** When each that has begun did, in order, epoch milliseconds; the last is the one at work. */
  began: z.array(z.number()).min(1),
  /** How many there will be, as the plan has it: what each may spend is fixed beforehand. */
  planned: z.number().int().positive(),
});
export type Stages = z.infer<typeof Stages>;

/**
 * Whether what earlier stages showed counts on: not by the profiles, which judge each for itself, nor
 * against the release before, which is looked up stage by stage.
 */
export function carriesOver({
  profile,
  baseline,
}: Pick<Analysis, 'profile' | 'baseline'>): boolean {
  return profile === 'signalbox' && baseline !== 'previous';
}

/** The stage, from 0, in which an interval ended. */
export function stageAt(stages: Stages | undefined, at: number): number {
  if (stages === undefined) return 0;
  return Math.max(
    0,
    stages.began.findLastIndex((began) => began < at),
  );
}

/**
 * What counting from the beginning costs in evidence, and counting from the start of a later stage
 * alone: natural logarithms. Of the promised chance 1/8 is kept for later starts (`lateStarts`). The
 * rest is for the beginning where one stage is planned; of several, 5/8 is for the beginning and 1/4
 * is shared by the starts of the others: so a defect that shows at a higher share of the traffic only
 * is not hidden by what was fine before, and the promise is one for the whole release.
 */
export function pricesOf(stages: Stages | undefined): {
  readonly whole: number;
  readonly stage: number;
} {
  const later = Math.max(stages?.planned ?? 1, stages?.began.length ?? 1) - 1;
  return later === 0
    ? { whole: Math.log(8 / 7), stage: Number.POSITIVE_INFINITY }
    : { whole: Math.log(8 / 5), stage: Math.log(4 * later) };
}
