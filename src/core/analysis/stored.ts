import { z } from 'zod';
import type { JudgeInput } from './judge.ts';
import { Analysis } from './metric.ts';
import { Reading } from './reading.ts';

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
  began: z.strictObject({ stable: z.number(), candidate: z.number() }).optional(),
  exposure: z.strictObject({ weight: z.number(), spentBefore: z.number() }).optional(),
  readings: z.array(z.strictObject({ metric: z.string(), stable: Reading, candidate: Reading })),
});
export type StoredLook = z.infer<typeof StoredLook>;

/** What is known of a look besides the judge's input. */
export type LookLabels = Pick<
  StoredLook,
  'service' | 'environment' | 'stable' | 'candidate' | 'step' | 'at'
>;

/** The text to store for a look. */
export function encodeLook(input: JudgeInput, labels: LookLabels): string {
  return JSON.stringify({ version: 1, ...labels, ...input });
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
    ...(look.began === undefined ? {} : { began: look.began }),
    ...(look.exposure === undefined ? {} : { exposure: look.exposure }),
    readings: look.readings,
  };
}
