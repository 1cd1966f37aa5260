import type { RolloutEvent } from '#core/rollout/events.ts';
import { byRollout, endingOf, type History, type Violation } from './history.ts';

type Found = readonly Violation[];

/** I3: never two releases at work in one place. */
export function alone(history: History): Found {
  const places = new Map<string, string>();
  const working = new Map<string, string>();
  const found: Violation[] = [];
  for (const { rollout, event } of history.events.toSorted((a, b) => a.seq - b.seq)) {
    if (event.kind === 'rollout.requested') {
      places.set(rollout, `${event.service} in ${event.environment}`);
    }
    const place = places.get(rollout) ?? '';
    if (event.kind === 'rollout.started') {
      const other = working.get(place);
      if (other !== undefined) {
        found.push({ invariant: 'I3', what: `${rollout} began in ${place} beside ${other}` });
      }
      working.set(place, rollout);
    }
    if (endingOf(event) !== null && working.get(place) === rollout) working.delete(place);
  }
  return found;
}

/** Which events must have come before, in the words of the state machine and without its code. */
const after: Partial<Record<RolloutEvent['kind'], readonly RolloutEvent['kind'][]>> = {
  'gates.evaluated': ['plan.made'],
  'approval.given': ['plan.made'],
  'rollout.started': ['plan.made'],
  'step.started': ['rollout.started'],
  'step.finished': ['step.started', 'hold.advanced'],
  'step.failed': ['step.started'],
  'analysis.judged': ['step.started'],
  'rollback.stopped': ['rollback.announced'],
  'rollout.resumed': ['rollout.paused', 'rollback.announced', 'rollout.stuck'],
  'abort.stepped': ['abort.begun'],
  'rollout.rolled_back': ['abort.begun'],
  'rollout.succeeded': ['rollout.started'],
};

/** I5: a stream is a path of the state machine, without gaps and without a way out of its end. */
export function paths(history: History): Found {
  return [...byRollout(history)].flatMap(([rollout, events]) =>
    events.flatMap(({ version, event }, index): Found => {
      const before = events.slice(0, index).map((one) => one.event);
      return [
        ...(version === index + 1 ? [] : [`event ${index + 1} has version ${version}`]),
        ...wrongPlace(event, before),
      ].map((what) => ({ invariant: 'I5', what: `${rollout}: ${what}` }));
    }),
  );
}

function wrongPlace(event: RolloutEvent, before: readonly RolloutEvent[]): readonly string[] {
  const { kind } = event;
  const had = (wanted: RolloutEvent['kind']): boolean => before.some((one) => one.kind === wanted);
  const needed = after[kind];
  const wrong: string[] = [];
  if ((before.length === 0) !== (kind === 'rollout.requested')) wrong.push(`begins with ${kind}`);
  if (before.some((one) => endingOf(one) !== null)) wrong.push(`${kind} after its end`);
  if (needed !== undefined && !needed.some(had)) {
    wrong.push(`${kind} without ${needed.join(' or ')}`);
  }
  if (kind === 'rollout.succeeded' && had('abort.begun')) wrong.push('succeeded on the way back');
  return wrong;
}

/** I6: what was asked for has come to an end, or to a person. */
export function settled(history: History): Found {
  return [...byRollout(history)].flatMap(([rollout, events]): Found => {
    if (events.some(({ event }) => endingOf(event) !== null)) return [];
    const last = events.findLast(({ event }) =>
      ['rollout.stuck', 'rollout.paused', 'rollout.resumed'].includes(event.kind),
    )?.event.kind;
    if (last === 'rollout.stuck' || last === 'rollout.paused') return [];
    return [{ invariant: 'I6', what: `${rollout} neither ended nor asked for a person` }];
  });
}

/** I10: the way back leads to bits that ran there before. */
export function backToKnown(history: History): Found {
  const live = new Set<string>();
  return history.events
    .toSorted((a, b) => a.seq - b.seq)
    .flatMap(({ rollout, event }): Found => {
      for (const digest of seenLive(event)) live.add(digest);
      const back = backTo(event);
      if (back === null || live.has(back)) return [];
      return [{ invariant: 'I10', what: `${rollout} goes back to unknown bits` }];
    });
}

function seenLive(event: RolloutEvent): readonly string[] {
  if (event.kind === 'rollout.succeeded') return [event.artifact.digest];
  if (event.kind !== 'plan.made') return [];
  return event.plan.targets.flatMap(({ stable }) => (stable === null ? [] : [stable.digest]));
}

function backTo(event: RolloutEvent): string | null {
  if (event.kind === 'rollout.rolled_back') return event.to?.digest ?? null;
  const planned = event.kind === 'plan.made' && event.plan.intent === 'rollback';
  return planned ? event.plan.artifact.digest : null;
}
