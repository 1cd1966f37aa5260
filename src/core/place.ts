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

export interface PlaceState {
  readonly service: string;
  readonly environment: string;
  readonly lock: {
    readonly by: Actor;
    readonly reason: string;
    readonly since: number;
    readonly until: number | null;
    readonly rollout: string | null;
  } | null;
  readonly holds: readonly {
    readonly artifact: Artifact;
    readonly reason: string;
    readonly rollout: string;
    readonly since: number;
  }[];
  /** What settled here, newest first, at most 50. */
  readonly settled: readonly {
    readonly artifact: Artifact;
    readonly rollout: string;
    readonly at: number;
  }[];
  /** People who asked to be told when the place is free. */
  readonly watchers: readonly Actor[];
}
