import type { Instant } from '#core/ids.ts';
import type { Rate } from './bucket.ts';

/** A live message that shows progress, as the scheduler remembers it. */
export interface Ticking {
  /** Scopes that its edits draw from. */
  readonly scopes: readonly string[];
  readonly since: Instant;
  /** Until then it counts as live. */
  readonly liveUntil: Instant;
  readonly sentAt: Instant | null;
}

export type Live = ReadonlyMap<string, Ticking>;

/** A message that has not changed for this long no longer counts as live, in milliseconds. */
const liveForMs = 120_000;
/** The part of an edit budget that metric ticks may plan with. */
const plannable = 0.8;

/** The least time between two ticks of one message: often while it is new, seldom later. */
export function floorMs(ageMs: number): number {
  if (ageMs < 120_000) return 3_000;
  return ageMs < 900_000 ? 10_000 : 30_000;
}

/**
 * Milliseconds between two ticks of one message when `sharing` live messages draw from the same
 * bucket: the budget is divided, so nobody is starved and nothing is refused.
 */
export function tickIntervalMs(sharing: number, perSecond: number, ageMs: number): number {
  return Math.max(floorMs(ageMs), Math.ceil((sharing / (perSecond * plannable)) * 1000));
}

/** Milliseconds that a live message leaves between two ticks, by the tightest of its buckets. */
export function intervalOf(
  ticking: Ticking,
  rates: readonly Rate[],
  sharing: ReadonlyMap<string, number>,
  now: Instant,
): number {
  const age = now - ticking.since;
  return Math.max(
    floorMs(age),
    ...rates.map(({ scope, perSecond }) => tickIntervalMs(sharing.get(scope) ?? 1, perSecond, age)),
  );
}

/** How many live messages draw from each scope. */
export function sharingOf(live: Live): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { scopes } of live.values()) {
    for (const scope of scopes) counts.set(scope, (counts.get(scope) ?? 0) + 1);
  }
  return counts;
}

/** Remembers the messages that want to tick now, and forgets those that have stopped. */
export function refreshed(
  live: Live,
  ticking: readonly { readonly id: string; readonly scopes: readonly string[] }[],
  now: Instant,
): Live {
  const next = new Map([...live].filter(([, { liveUntil }]) => liveUntil > now));
  for (const { id, scopes } of ticking) {
    const known = next.get(id);
    next.set(id, {
      scopes,
      since: known?.since ?? now,
      liveUntil: now + liveForMs,
      sentAt: known?.sentAt ?? null,
    });
  }
  return next;
}

/** The message is silent until then because it was told to be, not because it has stopped. */
export function silenced(ticking: Ticking, until: Instant): Ticking {
  return { ...ticking, liveUntil: until + liveForMs };
}
