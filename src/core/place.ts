import { z } from 'zod';
import { Actor } from './people.ts';
import { Artifact } from './release.ts';

/** Facts about one place (a service in an environment): stream `place:<service>/<environment>`. */
export const PlaceEvent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('lock.taken'),
    by: Actor,
    reason: z.string(),
    until: z.number().nullable(),
    /** Set when Signalbox locked the place itself, after a rollback. */
    rollout: z.string().nullable(),
  }),
  z.strictObject({ kind: z.literal('lock.released'), by: Actor, reason: z.string() }),
  z.strictObject({ kind: z.literal('lock.stolen'), by: Actor, from: Actor, reason: z.string() }),
  z.strictObject({ kind: z.literal('lock.expired') }),
  /** A digest must not come back here by automation until somebody asks for it by hand. */
  z.strictObject({
    kind: z.literal('version.held'),
    artifact: Artifact,
    reason: z.string(),
    rollout: z.string(),
  }),
  z.strictObject({
    kind: z.literal('version.freed'),
    artifact: Artifact,
    by: Actor,
    reason: z.string(),
  }),
  /** A rollout reached 100 % and was verified: the last known good. */
  z.strictObject({ kind: z.literal('release.settled'), artifact: Artifact, rollout: z.string() }),
  z.strictObject({ kind: z.literal('watcher.added'), by: Actor }),
  z.strictObject({ kind: z.literal('watchers.told') }),
]);
export type PlaceEvent = z.infer<typeof PlaceEvent>;

/** A place as its events made it: stored beside them as a projection. */
export const PlaceState = z.strictObject({
  service: z.string(),
  environment: z.string(),
  lock: z
    .strictObject({
      by: Actor,
      reason: z.string(),
      since: z.number(),
      until: z.number().nullable(),
      rollout: z.string().nullable(),
    })
    .readonly()
    .nullable(),
  holds: z
    .array(
      z
        .strictObject({
          artifact: Artifact,
          reason: z.string(),
          rollout: z.string(),
          since: z.number(),
        })
        .readonly(),
    )
    .readonly(),
  /** What settled here, newest first, at most 50. */
  settled: z
    .array(z.strictObject({ artifact: Artifact, rollout: z.string(), at: z.number() }).readonly())
    .readonly(),
  /** People who asked to be told when the place is free. */
  watchers: z.array(Actor).readonly(),
});
export type PlaceState = Readonly<z.infer<typeof PlaceState>>;
