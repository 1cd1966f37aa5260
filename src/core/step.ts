import { z } from 'zod';

/**
 * The closed set of step kinds. A step is a durable checkpoint: re-run, it does nothing more.
 * Waves are not a kind: a wave is a run of steps that name the same targets, numbered by `wave`.
 */
export const Step = z.discriminatedUnion('kind', [
  /** Bring the new artifact up beside stable, ready but without traffic. Capacity in percent of stable. */
  z.strictObject({
    kind: z.literal('prepare'),
    wave: z.number().int(),
    target: z.string(),
    capacityPercent: z.number().int().min(1).max(100),
    /** With a fresh copy of stable beside it, which the candidate is held against. */
    baseline: z.literal(true).optional(),
    deadlineSeconds: z.number().int(),
  }),
  /** Send this share of the traffic, in percent, to the candidate. */
  z.strictObject({
    kind: z.literal('shift'),
    wave: z.number().int(),
    target: z.string(),
    weight: z.number().int().min(0).max(100),
    deadlineSeconds: z.number().int(),
  }),
  /** Planned waiting under traffic, without judging. */
  z.strictObject({ kind: z.literal('bake'), wave: z.number().int(), seconds: z.number().int() }),
  /** Judge the candidate against stable every `everySeconds` for `seconds`. */
  z.strictObject({
    kind: z.literal('analyse'),
    wave: z.number().int(),
    target: z.string(),
    /** The other targets of the wave: looked at together, with one merged verdict. */
    others: z.array(z.string()).min(1).optional(),
    analysis: z.string(),
    seconds: z.number().int(),
    everySeconds: z.number().int(),
  }),
  /** Wait for a person to advance. */
  z.strictObject({ kind: z.literal('hold'), wave: z.number().int(), note: z.string() }),
  /** The candidate becomes stable, at full capacity, and takes all traffic. */
  z.strictObject({
    kind: z.literal('promote'),
    wave: z.number().int(),
    target: z.string(),
    deadlineSeconds: z.number().int(),
  }),
  /** Replace stable in place, a few instances at a time. */
  z.strictObject({
    kind: z.literal('replace'),
    wave: z.number().int(),
    target: z.string(),
    deadlineSeconds: z.number().int(),
  }),
  /** Keep the former stable for this long, so that going back is instant; then remove it. */
  z.strictObject({
    kind: z.literal('retire'),
    wave: z.number().int(),
    target: z.string(),
    deadlineSeconds: z.number().int(),
  }),
  /** Run a job declared for the service: a migration or a smoke test. */
  z.strictObject({
    kind: z.literal('run'),
    wave: z.number().int(),
    target: z.string(),
    job: z.string(),
    /** `reversible` and `expand` may be gone back over; `contract` and `one-way` may not. */
    direction: z.enum(['reversible', 'expand', 'contract', 'one-way']),
    deadlineSeconds: z.number().int(),
  }),
]);
export type Step = z.infer<typeof Step>;

/** True for steps that raise what the new artifact receives: gates are asked before each. */
export function raisesExposure(step: Step): boolean {
  switch (step.kind) {
    case 'prepare':
    case 'promote':
    case 'replace':
    case 'run':
      return true;
    case 'shift':
      return step.weight > 0;
    default:
      return false;
  }
}
