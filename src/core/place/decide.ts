import type { Instant } from '#core/ids.ts';
import type { Actor } from '#core/people.ts';
import type { PlaceEvent, PlaceState } from '#core/place.ts';
import { refusal } from '#core/refusal.ts';
import type { Artifact } from '#core/release.ts';
import { no, ok, type Result } from '#core/result.ts';

/** Answers a wish about a place with the events that it causes, or refuses it. */
export type PlaceDecision = (state: PlaceState, now: Instant) => Result<readonly PlaceEvent[]>;

/** The lock that holds at `now`; one whose time has run out holds nothing. */
export function lockInForce(state: PlaceState, now: Instant): PlaceState['lock'] {
  const { lock } = state;
  return lock === null || (lock.until !== null && lock.until <= now) ? null : lock;
}

/**
 * Takes the lock, renews one's own, or with `steal` takes it from somebody.
 * Refusals: `lock.held`.
 */
export function takeLock(wish: {
  readonly by: Actor;
  readonly reason: string;
  readonly until: Instant | null;
  readonly rollout: string | null;
  readonly steal: boolean;
}): PlaceDecision {
  return (state, now) => {
    const { by, reason, until, rollout } = wish;
    const held = lockInForce(state, now);
    const taken: PlaceEvent = { kind: 'lock.taken', by, reason, until, rollout };
    if (held === null) return ok([...expiry(state, now), taken]);
    if (held.by.person === by.person) return ok([taken]);
    if (wish.steal) return ok([{ kind: 'lock.stolen', by, from: held.by, reason }, taken]);
    return no(
      refusal(
        'lock.held',
        `${held.by.displayName} holds the lock on ${state.service} in ${state.environment}: ${held.reason}`,
        'Ask them to unlock it, be told when it is free (notify), or take it over with --steal.',
      ),
    );
  };
}

/**
 * Gives the lock back. `others` says that the person may release a lock of somebody else.
 * Refusals: `lock.none`, `lock.not_owner`.
 */
export function releaseLock(wish: {
  readonly by: Actor;
  readonly reason: string;
  readonly others: boolean;
}): PlaceDecision {
  return (state, now) => {
    const held = lockInForce(state, now);
    if (held === null) {
      return no(
        refusal(
          'lock.none',
          `There is no lock on ${state.service} in ${state.environment}.`,
          'Nothing needs to be done.',
        ),
      );
    }
    if (held.by.person !== wish.by.person && !wish.others) {
      return no(
        refusal(
          'lock.not_owner',
          `The lock on ${state.service} in ${state.environment} belongs to ${held.by.displayName}.`,
          'Ask them, or somebody who may unlock for others.',
        ),
      );
    }
    return ok([{ kind: 'lock.released', by: wish.by, reason: wish.reason }]);
  };
}

/** Marks a digest as not to come back here by automation. */
export function holdVersion(hold: {
  readonly artifact: Artifact;
  readonly reason: string;
  readonly rollout: string;
}): PlaceDecision {
  return () => ok([{ kind: 'version.held', ...hold }]);
}

/** Lets a held digest come back: somebody asked for it by hand. Nothing when it is not held. */
export function freeVersion(free: {
  readonly artifact: Artifact;
  readonly by: Actor;
  readonly reason: string;
}): PlaceDecision {
  return (state) =>
    ok(
      state.holds.some((hold) => hold.artifact.digest === free.artifact.digest)
        ? [{ kind: 'version.freed', ...free }]
        : [],
    );
}

/** Records that a rollout reached all and was verified: the last known good. */
export function settleRelease(settled: {
  readonly artifact: Artifact;
  readonly rollout: string;
}): PlaceDecision {
  return () => ok([{ kind: 'release.settled', ...settled }]);
}

/** Adds somebody who wants to be told when the place is free. Asking twice changes nothing. */
export function addWatcher(by: Actor): PlaceDecision {
  return (state) =>
    ok(
      state.watchers.some((one) => one.person === by.person) ? [] : [{ kind: 'watcher.added', by }],
    );
}

/** The watchers have been told. */
export function tellWatchers(): PlaceDecision {
  return (state) => ok(state.watchers.length === 0 ? [] : [{ kind: 'watchers.told' }]);
}

/** Closes a lock whose time has run out, so that the record says when it ended. */
export function expireLock(): PlaceDecision {
  return (state, now) => ok(expiry(state, now));
}

function expiry(state: PlaceState, now: Instant): readonly PlaceEvent[] {
  const lapsed = state.lock !== null && lockInForce(state, now) === null;
  return lapsed ? [{ kind: 'lock.expired' }] : [];
}
