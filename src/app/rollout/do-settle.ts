import { signalbox } from '#core/people.ts';
import {
  freeVersion,
  holdVersion,
  lockInForce,
  type PlaceDecision,
  settleRelease,
  takeLock,
} from '#core/place/decide.ts';
import { ok } from '#core/result.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { Outcome } from './outcome.ts';

/** All steps are done: the release is what runs here now. */
export function doSettle(state: RolloutState): Outcome {
  return {
    events: [{ kind: 'rollout.succeeded', artifact: state.artifact }],
    wakeAt: null,
    place: [
      settleRelease({ artifact: state.artifact, rollout: state.id }),
      freeVersion({ artifact: state.artifact, by: state.requester, reason: 'released by hand' }),
      ...(state.intent === 'rollback' ? afterRollback(state, state.plan?.previous ?? null) : []),
    ],
  };
}

/**
 * After a rollout went back: the version must not return by itself, and somebody must look first.
 * One that only made room for another leaves the place free for it.
 */
export function afterAbort(state: RolloutState): readonly PlaceDecision[] {
  const blamed = state.exposed && state.abort?.cause.kind !== 'taken_over';
  return blamed ? afterRollback(state, state.artifact) : [];
}

function afterRollback(
  state: RolloutState,
  bad: RolloutState['artifact'] | null,
): readonly PlaceDecision[] {
  if (bad === null) return [];
  const said = state.abort?.cause.detail ?? state.reason;
  const cause = said === '' ? `${state.requester.displayName} asked for it` : said;
  const reason = `${bad.version} was rolled back by ${state.id}: ${cause}`.slice(0, 500);
  const lock: PlaceDecision = (place, now) =>
    lockInForce(place, now) === null
      ? takeLock({ by: signalbox, reason, until: null, rollout: state.id, steal: false })(
          place,
          now,
        )
      : ok([]);
  return [holdVersion({ artifact: bad, reason, rollout: state.id }), lock];
}
