import { z } from 'zod';
import type { Instant } from './ids.ts';
import { Actor } from './people.ts';

/** Facts about ad-hoc freezes: the one stream `freezes`. Planned windows live in the settings. */
export const FreezeEvent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('freeze.set'),
    id: z.string(),
    /** `*`, `<environment>`, `<service>/<environment>` or `<service>/*`. */
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

/** The ad-hoc freezes as their events made them: stored beside the events as a projection. */
export const FreezesState = z.strictObject({
  active: z
    .array(
      z
        .strictObject({
          id: z.string(),
          scope: z.string(),
          by: Actor,
          reason: z.string(),
          since: z.number(),
          until: z.number().nullable(),
        })
        .readonly(),
    )
    .readonly(),
});
export type FreezesState = Readonly<z.infer<typeof FreezesState>>;

/** Nothing is frozen. */
export const noFreezes: FreezesState = { active: [] };

/** The state after one more event, recorded at `at`. Freezes whose time has run out are forgotten. */
export function evolveFreezes(state: FreezesState, event: FreezeEvent, at: Instant): FreezesState {
  const kept = freezesInForce(state, at).filter((freeze) => freeze.id !== event.id);
  if (event.kind === 'freeze.lifted') return { active: kept };
  const { id, scope, by, reason, until } = event;
  return { active: [...kept, { id, scope, by, reason, since: at, until }] };
}

/** The freezes that hold at `now`. */
export function freezesInForce(state: FreezesState, now: Instant): FreezesState['active'] {
  return state.active.filter((freeze) => freeze.until === null || freeze.until > now);
}

/** Whether a freeze's scope takes in a place. */
export function freezeCovers(scope: string, service: string, environment: string): boolean {
  return (
    scope === '*' ||
    scope === environment ||
    scope === `${service}/${environment}` ||
    scope === `${service}/*`
  );
}
