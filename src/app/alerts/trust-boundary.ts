import { z } from 'zod';
import type { AlertGroup } from '#core/alerts/group.ts';
import type { Watch } from '#core/alerts/watch.ts';

/** A group and when it was last told of. */
export interface KeptGroup {
  readonly group: AlertGroup;
  readonly seenAt: number;
}

const KeptGroup = z.object({
  format: z.literal(1),
  seenAt: z.number(),
  group: z.custom<AlertGroup>(
    (value) => typeof value === 'object' && value !== null && 'episode' in value,
  ),
});

const KeptWatch = z.object({
  format: z.literal(1),
  watch: z.custom<Watch>(
    (value) => typeof value === 'object' && value !== null && 'troubles' in value,
  ),
});

/** Reads what was stored of a group. Only its envelope is checked: the database is ours. */
export function readGroup(stored: unknown): KeptGroup {
  const { group, seenAt } = KeptGroup.parse(stored);
  return { group, seenAt };
}

/** Reads what was stored of a watch. */
export function readWatch(stored: unknown): Watch {
  return KeptWatch.parse(stored).watch;
}
