import { z } from 'zod';

/**
 * What goes back by itself when a release over several waves fails: nothing, so that it stands and
 * asks; the wave at work; or every wave, the last one first. A person always takes all back.
 */
export const FailurePolicy = z.enum(['stop', 'wave', 'all']);
export type FailurePolicy = z.infer<typeof FailurePolicy>;
