import { z } from 'zod';
import type { CommandField, FieldKind } from '#core/command.ts';
import { parseDuration } from '#core/duration.ts';

/** What a field means to people, kept beside the schema that reads it. */
type Meaning = Omit<CommandField, 'name' | 'required'>;

interface Extra {
  readonly introducedBy?: string;
  readonly rest?: boolean;
  readonly secret?: boolean;
}

const meanings = z.registry<Meaning>();

/** The fields of a command: schemas made by the functions below, optional ones with `.optional()`. */
export type FieldShape = Readonly<Record<string, z.ZodType>>;

/** The name of a service. Whether there is such a one is asked when the place is looked up. */
export function service(summary: string, extra: Extra = {}) {
  return named('service', summary, extra);
}

/** The name of an environment. */
export function environment(summary: string, extra: Extra = {}) {
  return named('environment', summary, extra);
}

/** The id of a rollout: `<service>-<number>`. */
export function rollout(summary: string, extra: Extra = {}) {
  return named('rollout', summary, extra);
}

/** The id of a group of alerts: `<source>-<16 hex digits>`. */
export function alert(summary: string, extra: Extra = {}) {
  return z
    .string()
    .regex(/^[a-z]{1,20}-[0-9a-f]{16}$/, 'is no name of an alert: see them with alerts')
    .register(meanings, { kind: 'alert', summary, ...extra });
}

/** A label of an artifact, or its digest. */
export function version(summary: string, extra: Extra = {}) {
  return z
    .string()
    .regex(
      /^(?:[A-Za-z0-9_][A-Za-z0-9._+-]{0,127}|sha256:[0-9a-f]{64})$/,
      'is no version: letters, digits, “.”, “_”, “+” and “-”, at most 128',
    )
    .register(meanings, { kind: 'version', summary, ...extra });
}

/** A length of time; whole seconds once read. */
export function duration(summary: string, extra: Extra = {}) {
  return z
    .string()
    .transform((text, context): number => {
      const seconds = parseDuration(text);
      if (seconds !== null && seconds > 0) return seconds;
      context.addIssue({
        code: 'custom',
        message: 'is no length of time: write 30m, 1h30m, 2d or PT30M, at most 366d',
      });
      return z.NEVER;
    })
    .register(meanings, { kind: 'duration', summary, ...extra });
}

/** A whole number from 1. */
export function count(summary: string, extra: Extra = {}) {
  return z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'is no whole number from 1')
    .transform(Number)
    .register(meanings, { kind: 'number', summary, ...extra });
}

/** Free text, at most 500 characters. */
export function text(summary: string, extra: Extra = {}) {
  return z
    .string()
    .max(500, 'is longer than 500 characters')
    .register(meanings, { kind: 'text', summary, ...extra });
}

/** The reason that several commands take: `because …` or `--reason "…"`. */
export function reason(summary = 'Why: it is shown and recorded.', extra: Extra = {}) {
  return text(summary, { introducedBy: 'because', ...extra });
}

/** A switch: `--name`. */
export function flag(summary: string) {
  return z
    .literal('true')
    .optional()
    .transform((value) => value === 'true')
    .register(meanings, { kind: 'flag', summary });
}

/** The descriptors of the fields, in the order of their declaration. */
export function describeFields(shape: FieldShape): readonly CommandField[] {
  return Object.entries(shape).map(([name, schema]) => {
    const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
    const meaning = meanings.get(inner);
    if (meaning === undefined)
      throw new Error(`The field ${name} was not made by a field function`);
    return { name, ...meaning, required: !schema.safeParse(undefined).success };
  });
}

function named(kind: FieldKind, summary: string, extra: Extra) {
  return z
    .string()
    .min(1, 'is empty')
    .max(128, 'is longer than 128 characters')
    .register(meanings, { kind, summary, ...extra });
}
