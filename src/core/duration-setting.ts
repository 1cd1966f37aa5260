import { z } from 'zod';
import { parseDuration } from './duration.ts';

/** A duration in a settings file: text as `parseDuration` reads it; whole seconds once parsed. */
export const Duration = z
  .union([z.string(), z.number().int().nonnegative()])
  .transform((value, context): number => {
    const seconds = typeof value === 'number' ? value : parseDuration(value);
    if (seconds !== null) return seconds;
    context.addIssue({
      code: 'custom',
      message: 'expected a duration such as "30m", "1h30m" or "PT30M"',
    });
    return z.NEVER;
  });
