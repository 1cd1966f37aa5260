import { actionsFor, decisions } from '#core/cards/actions.ts';
import { sentence } from '#core/cards/sentence.ts';
import {
  openGates,
  outageOf,
  outageWords,
  pauseWords,
  standing,
  subjectOf,
} from '#core/cards/standing.ts';
import { formatDuration } from '#core/duration.ts';
import type { Instant } from '#core/ids.ts';
import { type Actor, signalbox } from '#core/people.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { ReminderSettings } from '#core/settings/reminders.ts';
import { distinct, doublings, type Reminder } from './reminder.ts';

/** What the people of an open rollout are to be reminded of at `now`. */
export function remindersOfRollout(
  state: RolloutState,
  now: Instant,
  after: ReminderSettings,
): readonly Reminder[] {
  return [
    ...notTakenUp(state, now, after.request * 1000),
    ...forgottenPause(state, now, after.pause * 1000),
    ...expiringApprovals(state, now, after.expiry * 1000),
    ...expiringPlan(state, now, after.expiry * 1000),
  ];
}

/**
 * A request without a plan, or whose gates have all passed, moves within seconds: else no worker is
 * there, or what it needs is out of reach. That a plan was voided is told when it happens.
 */
function notTakenUp(state: RolloutState, now: Instant, afterMs: number): readonly Reminder[] {
  const since = idleSince(state);
  if (afterMs <= 0 || since === null || now - since < afterMs) return [];
  return [
    {
      ...about(state, 'request', String(since)),
      to: [state.requester],
      tone: 'warning',
      said: `Nothing has started yet: ${state.id} has not moved for ${formatDuration((now - since) / 1000)}.`,
      more: [[`${whyIdle(state)} The request is kept and goes on by itself.`]],
      actions: [],
    },
  ];
}

function whyIdle(state: RolloutState): string {
  const outage = outageOf(state);
  if (outage === null) return 'No worker is there, or none comes to it.';
  return sentence(`${outageWords(outage)} does not answer: ${outage.detail}`);
}

function idleSince(state: RolloutState): Instant | null {
  if (state.phase === 'planned') return state.planMadeAt === null ? state.requestedAt : null;
  const passed = state.phase === 'waiting' && state.queue === null && state.startedAt === null;
  if (!passed || state.gates === null || openGates(state).length > 0) return null;
  return state.gates.at;
}

function forgottenPause(state: RolloutState, now: Instant, afterMs: number): readonly Reminder[] {
  const { pause } = state;
  if (state.phase !== 'paused' || pause === null) return [];
  const times = doublings(now - pause.at, afterMs);
  if (times === null) return [];
  return [
    {
      ...about(state, 'pause', `${pause.at}:${times}`),
      to: people([state.requester, pause.by]),
      tone: 'warning',
      said: `${subjectOf(state)} has been paused for ${formatDuration((now - pause.at) / 1000)}.`,
      more: [[`${pauseWords(pause.reason)}${pause.detail === '' ? '' : `: ${pause.detail}`}`]],
      actions: actionsFor(state, now),
    },
  ];
}

function expiringApprovals(
  state: RolloutState,
  now: Instant,
  beforeMs: number,
): readonly Reminder[] {
  if (state.phase !== 'waiting' || state.startedAt !== null) return [];
  const ending = state.approvals.filter(
    ({ hash, revoked, at, expiresAt }) =>
      hash === state.planHash &&
      revoked === null &&
      expiresAt > now &&
      // One that lives shorter than twice the time would be near its end from the beginning.
      expiresAt - now <= Math.min(beforeMs, (expiresAt - at) / 2),
  );
  return ending.map(({ by, expiresAt }) => ({
    ...about(state, 'approval', `${by.person}:${expiresAt}`),
    to: people([by, state.requester]),
    tone: 'waiting' as const,
    said: `${by.displayName}’s approval of ${subjectOf(state)} expires in ${formatDuration((expiresAt - now) / 1000)}.`,
    more: [[`${standing(state)}. Approving again renews it.`]],
    actions: decisions(state),
  }));
}

function expiringPlan(state: RolloutState, now: Instant, beforeMs: number): readonly Reminder[] {
  const ends = state.plan?.notAfter ?? null;
  if (state.phase !== 'waiting' || state.startedAt !== null || ends === null) return [];
  if (ends <= now || ends - now > beforeMs) return [];
  return [
    {
      ...about(state, 'plan', String(ends)),
      to: [state.requester],
      tone: 'waiting',
      said: `The plan of ${subjectOf(state)} expires in ${formatDuration((ends - now) / 1000)}, and nothing has started.`,
      more: [[`${standing(state)}. Then the request ends by itself; ask again to begin anew.`]],
      actions: actionsFor(state, now),
    },
  ];
}

function about(
  state: RolloutState,
  kind: string,
  when: string,
): Pick<Reminder, 'occasion' | 'title'> {
  return { occasion: `${kind}:${state.id}:${when}`, title: subjectOf(state) };
}

function people(actors: readonly Actor[]): readonly Actor[] {
  return distinct(actors).filter(({ person }) => person !== signalbox.person);
}
