import { z } from 'zod';

/** One of the two copies of a service at a target. */
export const Side = z.enum(['stable', 'candidate']);
export type Side = z.infer<typeof Side>;
export const sides = Side.options;
