import { z } from 'zod';
import type { JudgeInput, TargetInput } from './judge.ts';
import { Learnt } from './learnt.ts';
import { Analysis } from './metric.ts';
import { Reading } from './reading.ts';
import { Stages } from './stages.ts';

const Began = z.strictObject({ stable: z.number(), candidate: z.number() });
const Exposure = z.strictObject({ weight: z.number(), spentBefore: z.number() });
const Readings = z.array(
  z.strictObject({ metric: z.string(), stable: Reading, candidate: Reading }),
);
const StoredVersion = z.strictObject({ version: z.string(), digest: z.string() });

/**
 * What one look saw, as it is kept by the sample store: everything the judge was given, so that the
 * same judgement, or one under other settings, can be made again. Version 1.
 */
export const StoredLook = z.strictObject({
  version: z.literal(1),
  service: z.string(),
  environment: z.string(),
  /** What ran on either side; equal digests make it a comparison of a version with itself. */
  stable: StoredVersion.nullable(),
  candidate: StoredVersion,
  step: z.number().int(),
  /** When it was looked, epoch milliseconds. */
  at: z.number(),
  analysis: Analysis,
  looksBefore: z.number().int(),
  blindLooks: z.number().int(),
  last: z.boolean(),
  extended: z.number().int().optional(),
  stages: Stages.optional(),
  began: Began.optional(),
  exposure: Exposure.optional(),
  learnt: z.array(Learnt).optional(),
  readings: Readings,
  /** Which target it is of; absent where a look took in one and no more. */
  target: z.string().optional(),
  /** The other targets that were judged together with it. */
  beside: z
    .array(
      z.strictObject({
        target: z.string(),
        blindLooks: z.number().int(),
        stages: Stages.optional(),
        began: Began.optional(),
        exposure: Exposure.optional(),
        readings: Readings,
      }),
    )
    .optional(),
});
export type StoredLook = z.infer<typeof StoredLook>;

/** What is known of a look besides the judge's input. */
export type LookLabels = Pick<
  StoredLook,
  'service' | 'environment' | 'stable' | 'candidate' | 'step' | 'at'
>;

/** The text to store for a look at one target, or at several that were judged together. */
export function encodeLook(sides: readonly TargetInput[], labels: LookLabels): string {
  const [first, ...others] = sides;
  if (first === undefined) throw new Error('A look at nothing cannot be stored');
  const beside = others.map(({ target, input }) => {
    const { blindLooks, stages, began, exposure, readings } = input;
    return { target, blindLooks, stages, began, exposure, readings };
  });
  const several = others.length === 0 ? {} : { target: first.target, beside };
  return JSON.stringify({ version: 1, ...labels, ...first.input, ...several });
}

/** What the judge was given, target by target. */
export function targetInputs(look: StoredLook): readonly TargetInput[] {
  return lookByTarget(look).map((own) => ({ target: own.target ?? '', input: inputOf(own) }));
}

/** A look at several targets as one look at each. */
export function lookByTarget(look: StoredLook): readonly StoredLook[] {
  const { beside = [], ...first } = look;
  // What one target has is no word on another, where that has nothing of the kind.
  const { stages: _stages, began: _began, exposure: _exposure, ...shared } = first;
  return [first, ...beside.map((other): StoredLook => ({ ...shared, ...other }))];
}

/** The look that was stored, or null when the text is of another version or damaged. */
export function decodeLook(text: string): StoredLook | null {
  try {
    return StoredLook.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The judge's input of a stored look. */
export function inputOf(look: StoredLook): JudgeInput {
  return {
    analysis: look.analysis,
    looksBefore: look.looksBefore,
    blindLooks: look.blindLooks,
    last: look.last,
    ...(look.extended === undefined ? {} : { extended: look.extended }),
    ...(look.stages === undefined ? {} : { stages: look.stages }),
    ...(look.began === undefined ? {} : { began: look.began }),
    ...(look.exposure === undefined ? {} : { exposure: look.exposure }),
    ...(look.learnt === undefined ? {} : { learnt: look.learnt }),
    readings: look.readings,
  };
}
