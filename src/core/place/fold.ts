import { assertNever } from '#core/fault.ts';
import type { Instant } from '#core/ids.ts';
import type { PlaceEvent, PlaceState } from '#core/place.ts';

/** How many settled releases a place remembers. */
const remembered = 50;

/** A place of which nothing is known yet. */
export function emptyPlace(service: string, environment: string): PlaceState {
  return { service, environment, lock: null, holds: [], settled: [], watchers: [] };
}

/** The state after one more event, recorded at `at`. */
export function evolvePlace(state: PlaceState, event: PlaceEvent, at: Instant): PlaceState {
  switch (event.kind) {
    case 'lock.taken': {
      const { by, reason, until, rollout } = event;
      return { ...state, lock: { by, reason, since: at, until, rollout } };
    }
    case 'lock.released':
    case 'lock.stolen':
    case 'lock.expired':
      return { ...state, lock: null };
    case 'version.held': {
      const { artifact, reason, rollout } = event;
      const others = state.holds.filter((hold) => hold.artifact.digest !== artifact.digest);
      return { ...state, holds: [...others, { artifact, reason, rollout, since: at }] };
    }
    case 'version.freed':
      return {
        ...state,
        holds: state.holds.filter((hold) => hold.artifact.digest !== event.artifact.digest),
      };
    case 'release.settled': {
      const { artifact, rollout } = event;
      return {
        ...state,
        settled: [{ artifact, rollout, at }, ...state.settled].slice(0, remembered),
      };
    }
    case 'watcher.added':
      return state.watchers.some((one) => one.person === event.by.person)
        ? state
        : { ...state, watchers: [...state.watchers, event.by] };
    case 'watchers.told':
      return { ...state, watchers: [] };
    default:
      return assertNever(event);
  }
}
