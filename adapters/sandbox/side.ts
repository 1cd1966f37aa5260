import { z } from 'zod';

/** One of the copies of a service at a target; `baseline` is a fresh copy of stable. */
export const Side = z.enum(['stable', 'candidate', 'baseline']);
export type Side = z.infer<typeof Side>;
export const sides = Side.options;
