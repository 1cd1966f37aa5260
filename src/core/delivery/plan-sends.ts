import type { Instant } from '#core/ids.ts';
import type { Urgency } from './bucket.ts';
import { type Budget, callableAt, charged } from './budget.ts';
import { intervalOf, type Live, refreshed, sharingOf, silenced } from './cadence.ts';
import type { Candidate } from './candidate.ts';
import { costOf, flowOf } from './deliverable.ts';
import { type DeliveryState, laneOf, tidied } from './delivery-state.ts';
import type { Digest } from './digest.ts';
import { noTurns, takeTurns } from './turns.ts';
import { digestsOf } from './urgent-posts.ts';

/** The circumstances of one round. */
export interface Round {
  readonly now: Instant;
  /** How many calls may be begun now; urgent ones may use `urgentRoom` besides. */
  readonly room: number;
  readonly urgentRoom: number;
  /** Flows whose thread has a post under way: the next one waits, so that threads keep their order. */
  readonly posting: ReadonlySet<string>;
}

/** What to do in this round. */
export interface SendPlan {
  readonly sends: readonly Candidate[];
  readonly digests: readonly Digest[];
  /** Metric ticks that come too soon: put off until then. */
  readonly later: readonly { readonly id: string; readonly until: Instant }[];
  /** When something that had to wait for its budget can go; null when nothing has. */
  readonly wakeAt: Instant | null;
  readonly state: DeliveryState;
}

/** What one round has used up so far. */
interface Used {
  budget: Budget;
  room: number;
  urgentRoom: number;
  wakeAt: Instant | null;
  readonly posting: Set<string>;
  readonly sends: Candidate[];
}

/** A tick that is late by this part of its interval takes turns with phase changes. */
const overdueShare = 0.5;

const lanes: readonly Urgency[] = [0, 1, 2, 3];

/**
 * Decides what is sent now: the most urgent lane first; within a lane by turns among releases; each
 * only when all its buckets afford it. What is not sent stays due, and only its newest wording
 * counts then.
 */
export function planSends(
  state: DeliveryState,
  candidates: readonly Candidate[],
  round: Round,
): SendPlan {
  const { now } = round;
  const ready = candidates
    .filter(({ call }) => call.kind !== 'nothing' && call.kind !== 'wait')
    .toSorted(
      (a, b) => a.surface.desiredAt - b.surface.desiredAt || (a.surface.id < b.surface.id ? -1 : 1),
    );
  const used: Used = {
    budget: state.budget,
    room: round.room,
    urgentRoom: round.urgentRoom,
    wakeAt: null,
    posting: new Set(round.posting),
    sends: [],
  };
  const { live, later, overdue } = pace(state, ready, now);
  const silent = new Set(later.map(({ id }) => id));
  const byLane = (lane: Urgency): readonly Candidate[] =>
    ready.filter(({ surface }) => {
      const own = overdue.has(surface.id) ? 2 : laneOf(surface, state);
      return own === lane && !silent.has(surface.id);
    });

  const merged = digestsOf(byLane(1), used.budget, Math.max(0, used.urgentRoom), now);
  used.budget = merged.budget;
  used.urgentRoom -= merged.digests.length;
  const turns = new Map(state.turns);
  for (const lane of lanes) {
    const items = lane === 1 ? merged.rest : byLane(lane);
    const next = takeTurns(items, turns.get(lane) ?? noTurns, fairness, (item) =>
      send(item, lane, used, now),
    );
    turns.set(lane, next);
  }
  const sentAt = new Set(used.sends.map(({ surface }) => surface.id));
  const due = new Set(candidates.map(({ surface }) => surface.id));
  return {
    sends: used.sends,
    digests: merged.digests,
    later,
    wakeAt: used.wakeAt,
    state: tidied(
      { ...state, budget: used.budget, turns, live: stamped(live, sentAt, now) },
      due,
      now,
    ),
  };
}

const fairness = {
  flow: ({ surface }: Candidate): string => flowOf(surface),
  cost: ({ surface }: Candidate): number => costOf(surface),
};

/** Takes the call into the plan when everything allows it. */
function send(item: Candidate, lane: Urgency, used: Used, now: Instant): boolean {
  const urgent = lane <= 1;
  if (used.room + (urgent ? used.urgentRoom : 0) <= 0) return false;
  const flow = flowOf(item.surface);
  const posts = item.call.kind === 'post';
  if (posts && used.posting.has(flow)) return false;
  const at = callableAt(used.budget, item.rates, lane, now);
  if (at > now) {
    used.wakeAt = used.wakeAt === null ? at : Math.min(used.wakeAt, at);
    return false;
  }
  used.budget = charged(used.budget, item.rates, now);
  if (urgent && used.urgentRoom > 0) used.urgentRoom -= 1;
  else used.room -= 1;
  if (posts) used.posting.add(flow);
  used.sends.push(item);
  return true;
}

/** Which metric ticks come too soon, and which have waited so long that they count as more. */
function pace(
  state: DeliveryState,
  ready: readonly Candidate[],
  now: Instant,
): {
  readonly live: Live;
  readonly later: SendPlan['later'];
  readonly overdue: ReadonlySet<string>;
} {
  const ticks = ready.filter(
    ({ surface, call }) => laneOf(surface, state) === 3 && call.kind === 'edit',
  );
  const live = new Map(
    refreshed(
      state.live,
      ticks.map(({ surface, rates }) => ({
        id: surface.id,
        scopes: rates.map(({ scope }) => scope),
      })),
      now,
    ),
  );
  const sharing = sharingOf(live);
  const later: { readonly id: string; readonly until: Instant }[] = [];
  const overdue = new Set<string>();
  for (const { surface, rates } of ticks) {
    const known = live.get(surface.id);
    if (known === undefined || known.sentAt === null) continue;
    const interval = intervalOf(known, rates, sharing, now);
    const until = known.sentAt + interval;
    if (until > now) {
      later.push({ id: surface.id, until });
      live.set(surface.id, silenced(known, until));
    } else if (now - until > interval * overdueShare) {
      overdue.add(surface.id);
    }
  }
  return { live, later, overdue };
}

function stamped(live: Live, sent: ReadonlySet<string>, now: Instant): Live {
  return new Map(
    [...live].map(([id, ticking]) => [id, sent.has(id) ? { ...ticking, sentAt: now } : ticking]),
  );
}
