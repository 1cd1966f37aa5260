import type { Trouble } from '#core/alerts/watch.ts';
import { noteFor } from '#core/cards/milestone.ts';
import { closed } from '#core/cards/sentence.ts';
import { standing, subjectOf } from '#core/cards/standing.ts';
import type { Instant } from '#core/ids.ts';
import { type Actor, signalbox } from '#core/people.ts';
import type { RolloutEvent } from '#core/rollout/events.ts';
import { evolve } from '#core/rollout/evolve.ts';
import type { RolloutState } from '#core/rollout/state.ts';

/** A recorded event of a rollout. */
export interface PastEvent {
  readonly seq: number;
  readonly at: Instant;
  readonly actor: Actor;
  readonly event: RolloutEvent;
}

/** One line of the story. */
export interface Entry {
  readonly at: Instant;
  /** A person's name; null for what Signalbox or the world did. */
  readonly who: string | null;
  readonly text: string;
  /** A person decided this. */
  readonly decision: boolean;
  /** Position in the ledger, for `audit prove`; null for what stands in another stream. */
  readonly seq: number | null;
}

/** What people decide, as opposed to what follows from it. */
const decisions: ReadonlySet<RolloutEvent['kind']> = new Set([
  'rollout.requested',
  'approval.given',
  'approval.denied',
  'step.skipped',
  'rollout.paused',
  'rollout.resumed',
  'hold.advanced',
  'rollback.stopped',
  'abort.begun',
  'rollout.cancelled',
  'override.used',
  'override.reviewed',
]);

/** Everything that was told of a release, and what rang about it, oldest first. */
export function timelineOf(question: {
  readonly events: readonly PastEvent[];
  readonly troubles: readonly Trouble[];
  readonly successor: RolloutState | null;
}): readonly Entry[] {
  const entries = [
    ...ofRollout(question.events),
    ...question.troubles.flatMap(ofTrouble),
    ...ofSuccessor(question.successor),
  ];
  return entries.toSorted((a, b) => a.at - b.at || (a.seq ?? Infinity) - (b.seq ?? Infinity));
}

function ofRollout(events: readonly PastEvent[]): readonly Entry[] {
  const entries: Entry[] = [];
  let state: RolloutState | null = null;
  for (const { seq, at, actor, event } of events) {
    state = evolve(state, { at, actor, event });
    const text = wordsOf(event, state);
    if (text === null) continue;
    const person = actor.person === signalbox.person ? null : actor.displayName;
    const decision = person !== null && decisions.has(event.kind);
    entries.push({ at, who: person, text, decision, seq });
  }
  return entries;
}

function wordsOf(event: RolloutEvent, state: RolloutState): string | null {
  if (event.kind === 'rollout.requested') {
    const why = event.reason === '' ? 'without a reason' : `because: ${event.reason}`;
    return closed(`${event.requester.displayName} asked for ${subjectOf(state)}, ${why}`);
  }
  return noteFor(event, state)?.summary ?? null;
}

function ofTrouble({ name, severity, startsAt, endsAt, evidence, clearedBy }: Trouble) {
  const grade = severity === '' ? '' : ` (${severity})`;
  const cleared =
    clearedBy === null ? '' : ` ${clearedBy.displayName} said that it is not related.`;
  const entry = (at: Instant, text: string): Entry => ({
    at,
    who: null,
    text,
    decision: false,
    seq: null,
  });
  return [
    entry(startsAt, `${name}${grade} began. ${closed(evidence)}${cleared}`),
    ...(endsAt === null ? [] : [entry(endsAt, `${name} was over.`)]),
  ];
}

function ofSuccessor(successor: RolloutState | null): readonly Entry[] {
  if (successor === null) return [];
  const { id, requester, requestedAt, endedAt } = successor;
  const asked = `${requester.displayName} asked for ${subjectOf(successor)} (${id})`;
  return [
    {
      at: requestedAt,
      who: requester.person === signalbox.person ? null : requester.displayName,
      text: closed(successor.reason === '' ? asked : `${asked}: ${successor.reason}`),
      decision: requester.person !== signalbox.person,
      seq: null,
    },
    ...(endedAt === null
      ? []
      : [
          {
            at: endedAt,
            who: null,
            text: closed(`${id}: ${standing(successor)}`),
            decision: false,
            seq: null,
          },
        ]),
  ];
}
