import type { Suspect } from '#core/alerts/events.ts';
import type { AlertGroup } from '#core/alerts/group.ts';
import type { Instant } from '#core/ids.ts';
import { ended, type RolloutState } from '#core/rollout/state.ts';
import { actionsFor, type CardAction } from './actions.ts';

/** A suspect as it stands now. */
export interface SuspectNow {
  readonly suspect: Suspect;
  readonly state: RolloutState;
  /** It is what runs in its place, or is on its way there, and nothing else is. */
  readonly holds: boolean;
  /** What takes or took its place, in words; null when nothing does. */
  readonly fate: string | null;
}

/** Suspects with buttons of their own; the others are named. */
const withButtons = 3;

/**
 * The buttons of each suspect of a firing alert: back to the exact version, pause, its cause, not
 * related.
 * What a release does not offer as it stands is not offered here either.
 */
export function suspectActions(
  group: AlertGroup,
  suspects: readonly SuspectNow[],
  now: Instant,
): readonly (readonly CardAction[])[] {
  if (group.phase !== 'firing') return [];
  return openSuspects(group, suspects)
    .slice(0, withButtons)
    .map((one) => [
      ...steering(group, one, now),
      ...(isHeld(group, one) ? [] : [itsCause(group, one)]),
      notRelated(group, one),
    ]);
}

/** Those that nobody called unrelated. */
export function openSuspects(
  group: AlertGroup,
  suspects: readonly SuspectNow[],
): readonly SuspectNow[] {
  return suspects.filter(
    ({ suspect }) => !group.cleared.some(({ rollout }) => rollout === suspect.rollout),
  );
}

function steering(group: AlertGroup, { state, holds }: SuspectNow, now: Instant) {
  if (ended(state.phase) && !holds) return [];
  return actionsFor(state, now)
    .filter(({ command }) => ['rollback', 'abort', 'pause'].includes(command))
    .map((action) => inThread(group, state, action));
}

/** The same action, named in full, since several services may stand in one thread. */
function inThread(group: AlertGroup, state: RolloutState, action: CardAction): CardAction {
  const { service, artifact, plan } = state;
  const previous = plan?.previous ?? null;
  const back =
    previous === null
      ? `Remove ${service} ${artifact.version}`
      : `Roll back ${service} to ${previous.version}`;
  const label = action.command === 'pause' ? `Pause ${service} ${artifact.version}` : back;
  return {
    ...action,
    label: label.slice(0, 75),
    args: { ...action.args, reason: `alert ${group.title}`.slice(0, 200) },
  };
}

function isHeld({ linked }: AlertGroup, { suspect }: SuspectNow): boolean {
  return linked.some(({ rollout, fails }) => rollout === suspect.rollout && fails);
}

function itsCause(group: AlertGroup, { state }: SuspectNow): CardAction {
  const { id, service, artifact } = state;
  return {
    command: 'related',
    args: { alert: group.id, rollout: id },
    rollout: id,
    planHash: null,
    label: `Caused by ${service} ${artifact.version}`.slice(0, 75),
    style: 'plain',
    confirm: null,
    ask: { label: 'How do you know?', required: false },
  };
}

function notRelated(group: AlertGroup, { state }: SuspectNow): CardAction {
  const { id, service, artifact } = state;
  return {
    command: 'not-related',
    args: { alert: group.id, rollout: id },
    rollout: id,
    planHash: null,
    label: `Not related: ${service} ${artifact.version}`.slice(0, 75),
    style: 'plain',
    confirm: null,
    ask: { label: 'How do you know?', required: false },
  };
}
