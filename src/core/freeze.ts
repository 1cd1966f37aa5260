import { z } from 'zod';
import { Actor } from './people.ts';

/** Facts about ad-hoc freezes: the one stream `freezes`. Planned windows live in the settings. */
export const FreezeEvent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('freeze.set'),
    id: z.string(),
    /** `*`, `<environment>` or `<service>/<environment>`. */
    scope: z.string(),
    by: Actor,
    reason: z.string(),
    until: z.number().nullable(),
  }),
  z.strictObject({
    kind: z.literal('freeze.lifted'),
    id: z.string(),
    by: Actor,
    reason: z.string(),
  }),
]);
export type FreezeEvent = z.infer<typeof FreezeEvent>;

export interface FreezesState {
  readonly active: readonly {
    readonly id: string;
    readonly scope: string;
    readonly by: Actor;
    readonly reason: string;
    readonly since: number;
    readonly until: number | null;
  }[];
}
