import type { z } from 'zod';
import { Refused } from './refused.ts';

/** Reads what came with a request. @throws Refused `command.syntax` naming the first problem */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const path = issue?.path.join('.') ?? '';
  throw new Refused(
    400,
    'command.syntax',
    `The request could not be read${path === '' ? '' : ` at ${path}`}: ${issue?.message ?? ''}.`,
    'Send it in the documented form.',
  );
}
