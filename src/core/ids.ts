/** `<service>-<number>`, counted per service from 1: short enough to say aloud. */
export type RolloutId = string;
/** Milliseconds since the epoch, by the database's clock. */
export type Instant = number;
/** Hex SHA-256 of a plan's canonical bytes. */
export type PlanHash = string;
/** A place: `<service>/<environment>`. One rollout at a time is active in a place. */
export type PlaceId = string;

/** The names that people may type for services, environments, targets, roles and channels. */
export const namePattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Builds the id of a place. */
export function placeId(service: string, environment: string): PlaceId {
  return `${service}/${environment}`;
}
