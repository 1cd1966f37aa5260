import { z } from 'zod';

/** An immutable build output. `version` is only a label; `digest` is the identity. */
export const Artifact = z.strictObject({
  service: z.string(),
  version: z.string().max(128),
  /** `sha256:<64 hex>` */
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  /** Where it was built from, when the registry knows. Epoch milliseconds for times. */
  source: z
    .strictObject({
      repository: z.string().optional(),
      commit: z.string().optional(),
      committedAt: z.number().optional(),
      builtAt: z.number().optional(),
    })
    .optional(),
});
export type Artifact = z.infer<typeof Artifact>;
