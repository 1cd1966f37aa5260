import { type AlertGroup, worstEffect } from '#core/alerts/group.ts';
import { openGates } from '#core/cards/standing.ts';
import type { LinkedAlert } from '#core/figures/deployments.ts';
import type { FigureQuestion } from '#core/figures/figures.ts';
import type { Instant } from '#core/ids.ts';
import { lockInForce } from '#core/place/decide.ts';
import type { PlaceState } from '#core/place.ts';
import type { Artifact } from '#core/release.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { byHand } from '#core/rollout/way-back.ts';
import type { ComingFreeze } from './freezes-ahead.ts';

/** A lock that is older was probably forgotten, in milliseconds. */
export const staleLockMs = 24 * 3_600_000;

/** What a digest is made from. `ended` and `open` are rollouts; figures have a window of their own. */
export interface DigestQuestion {
  readonly from: Instant;
  readonly now: Instant;
  readonly ended: readonly RolloutState[];
  /** Ended earlier, and still watched. */
  readonly earlier: readonly RolloutState[];
  readonly open: readonly RolloutState[];
  readonly places: readonly DigestPlace[];
  readonly freezes: readonly ComingFreeze[];
  /** Groups of alerts that ring now or were over since then. */
  readonly groups: readonly AlertGroup[];
  readonly drifts: readonly Drifted[];
  readonly figures: FigureQuestion;
}

/** A place that does not run what was released there. */
export interface Drifted {
  readonly service: string;
  readonly environment: string;
  /** What differs, in one sentence. */
  readonly detail: string;
}

/** A place, and what runs in the environment before it and has not come here yet. */
export interface DigestPlace {
  readonly place: PlaceState;
  readonly runs: Artifact | null;
  readonly promotable: { readonly artifact: Artifact; readonly since: Instant } | null;
}

/** What a digest tells, sorted. Each rollout is in one group alone. */
export interface DigestContents {
  readonly shipped: readonly RolloutState[];
  /** Turned back while only a part of the traffic had it, or before any had. */
  readonly caught: readonly RolloutState[];
  /** Taken back by people, or after all of the traffic had it. */
  readonly wentBack: readonly RolloutState[];
  /** Releases that alerts or breaches are held against, which began since then. */
  readonly rang: readonly {
    readonly state: RolloutState;
    readonly alerts: readonly LinkedAlert[];
  }[];
  /** Groups of alerts that are held against no release, the gravest first. */
  readonly unheld: readonly AlertGroup[];
  readonly inFlight: readonly RolloutState[];
  readonly toApprove: readonly RolloutState[];
  /** Waits for something else: a turn, a window, a soak. */
  readonly waiting: readonly RolloutState[];
  readonly locked: readonly PlaceState[];
  readonly behind: readonly DigestPlace[];
  readonly drifts: readonly Drifted[];
  readonly freezes: readonly ComingFreeze[];
  /** Nothing was released, nothing waits, nothing grave rang or was changed, and no lock was forgotten. */
  readonly quiet: boolean;
}

/** Sorts what happened since `from` and what there is now. */
export function digestContents(question: DigestQuestion): DigestContents {
  const { from, now, open, places, freezes } = question;
  const ended = question.ended
    .filter(({ endedAt }) => endedAt !== null && endedAt > from && endedAt <= now)
    .toSorted((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0));
  const shipped = ended.filter(({ phase, intent }) => phase === 'succeeded' && intent === 'deploy');
  const caught = ended.filter(({ phase, abort }) => phase === 'rolled_back' && !byPerson(abort));
  const wentBack = ended.filter(
    ({ phase, intent, abort }) =>
      (phase === 'rolled_back' && byPerson(abort)) ||
      (phase === 'succeeded' && intent === 'rollback'),
  );
  const inFlight = open.filter(({ startedAt }) => startedAt !== null);
  const unstarted = open.filter(({ startedAt }) => startedAt === null);
  const toApprove = unstarted.filter(asksApproval);
  const waiting = unstarted.filter((state) => !asksApproval(state));
  const locked = places
    .map(({ place }) => place)
    .filter((place) => lockInForce(place, now) !== null);
  const forgotten = locked.some(({ lock }) => lock !== null && now - lock.since >= staleLockMs);
  const rang = rangSince(question);
  const unheld = unheldOf(question);
  const grave = unheld.filter(({ alerts }) => worstEffect(alerts) !== 'note').length;
  const ends = shipped.length + caught.length + wentBack.length;
  const told = ends + open.length + rang.length + grave + question.drifts.length;
  return {
    shipped,
    caught,
    wentBack,
    rang,
    unheld,
    inFlight,
    toApprove,
    waiting,
    locked,
    behind: places.filter(({ promotable }) => promotable !== null),
    drifts: question.drifts,
    freezes,
    quiet: told === 0 && !forgotten,
  };
}

function rangSince({ from, now, figures, ended, earlier, open }: DigestQuestion) {
  const since = figures.alerts.filter(({ startsAt }) => startsAt > from && startsAt <= now);
  return [...ended, ...earlier, ...open].flatMap((state) => {
    const alerts = since.filter(({ rollout }) => rollout === state.id);
    return alerts.length === 0 ? [] : [{ state, alerts }];
  });
}

/** What somebody called unrelated is held against nothing. */
function unheldOf({ groups }: DigestQuestion): readonly AlertGroup[] {
  const gravity = { 'roll-back': 0, pause: 1, note: 2 } as const;
  return groups
    .filter(({ linked, cleared }) =>
      linked.every(({ rollout }) => cleared.some((one) => one.rollout === rollout)),
    )
    .toSorted((a, b) => gravity[worstEffect(a.alerts)] - gravity[worstEffect(b.alerts)]);
}

function byPerson(abort: RolloutState['abort']): boolean {
  return abort === null || byHand(abort.cause);
}

function asksApproval(state: RolloutState): boolean {
  return openGates(state).some(({ gate }) => gate === 'approval');
}
