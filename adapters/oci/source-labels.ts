import { z } from 'zod';
import type { Artifact } from '#core/release.ts';

const Config = z.object({
  created: z.string().optional(),
  config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
});

const prefix = 'org.opencontainers.image.';

/**
 * Where an image was built from, by the labels of its configuration (OCI image annotations:
 * `source`, `revision`, `created`). Undefined when it says nothing. Labels are claims of the
 * builder: they are shown and measured by, never trusted.
 */
export function sourceOf(configuration: unknown): Artifact['source'] {
  const parsed = Config.safeParse(configuration);
  if (!parsed.success) return undefined;
  const labels = parsed.data.config?.Labels ?? {};
  const repository = labels[`${prefix}source`];
  const commit = labels[`${prefix}revision`];
  const builtAt = Date.parse(labels[`${prefix}created`] ?? parsed.data.created ?? '');
  const source = {
    ...(repository === undefined ? {} : { repository: repository.slice(0, 500) }),
    ...(commit !== undefined && /^[0-9a-f]{7,64}$/i.test(commit) ? { commit } : {}),
    // Reproducible builds say 1970: that is no time.
    ...(builtAt > 0 ? { builtAt } : {}),
  };
  return Object.keys(source).length === 0 ? undefined : source;
}
