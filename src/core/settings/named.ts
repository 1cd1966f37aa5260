import { z } from 'zod';
import { namePattern } from '#core/ids.ts';

/** A name that people may type. */
export const Name = z
  .string()
  .regex(namePattern, 'lower-case letters, digits and inner hyphens, at most 63');

/** Entries by name. The result has no prototype, so `constructor` is no service by accident. */
export function Named<Value extends z.ZodType>(value: Value) {
  return z
    .record(Name, value)
    .transform(
      (entries): Record<string, z.output<Value>> => Object.assign(Object.create(null), entries),
    );
}
