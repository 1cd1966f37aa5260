import { z } from 'zod';
import { assertNever } from '#core/fault.ts';
import type { LinkedAlert } from '#core/figures/deployments.ts';
import type { Instant, RolloutId } from '#core/ids.ts';
import { Actor } from '#core/people.ts';

/** Facts about what happened to a release in the world: alerts and breaches that were linked to it. */
export const WatchEvent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('watch.opened'),
    rollout: z.string(),
    service: z.string(),
    environment: z.string(),
    version: z.string(),
  }),
  /** It has all of the traffic: what fires until then is linked to it. */
  z.strictObject({ kind: z.literal('window.opened'), until: z.number() }),
  z.strictObject({
    kind: z.literal('trouble.linked'),
    /** `<group>#<episode>` of an alert, or `objective:<name>`. */
    trouble: z.string(),
    name: z.string(),
    severity: z.string(),
    startsAt: z.number(),
    /** Whether it counts the release as failed. */
    fails: z.boolean(),
    evidence: z.string(),
  }),
  z.strictObject({ kind: z.literal('trouble.over'), trouble: z.string(), at: z.number() }),
  z.strictObject({
    kind: z.literal('trouble.cleared'),
    trouble: z.string(),
    by: Actor,
    reason: z.string(),
  }),
  z.strictObject({ kind: z.literal('window.closed') }),
]);
export type WatchEvent = z.infer<typeof WatchEvent>;

/** An alert or a breach that was linked to a release. */
export interface Trouble {
  readonly trouble: string;
  readonly name: string;
  readonly severity: string;
  readonly startsAt: Instant;
  readonly endsAt: Instant | null;
  readonly fails: boolean;
  readonly evidence: string;
  /** Who said that the release has nothing to do with it; null when nobody did. */
  readonly clearedBy: Actor | null;
}

/** What became of a release after, and beside, its rollout. JSON-safe. */
export interface Watch {
  readonly rollout: RolloutId;
  readonly service: string;
  readonly environment: string;
  readonly version: string;
  /** The end of the window; null before it opened. */
  readonly until: Instant | null;
  readonly closed: boolean;
  readonly troubles: readonly Trouble[];
}

/** The watch after one more event. @throws Error when the first is not `watch.opened` */
export function evolveWatch(watch: Watch | null, event: WatchEvent): Watch {
  if (event.kind === 'watch.opened') {
    const { kind: _kind, ...of } = event;
    return { ...of, until: null, closed: false, troubles: [] };
  }
  if (watch === null) throw new Error(`A watch cannot begin with ${event.kind}`);
  switch (event.kind) {
    case 'window.opened':
      return { ...watch, until: event.until };
    case 'window.closed':
      return { ...watch, closed: true };
    case 'trouble.linked': {
      const { kind: _kind, ...linked } = event;
      const others = watch.troubles.filter(({ trouble }) => trouble !== event.trouble);
      return { ...watch, troubles: [...others, { ...linked, endsAt: null, clearedBy: null }] };
    }
    case 'trouble.over':
      return changed(watch, event.trouble, { endsAt: event.at });
    case 'trouble.cleared':
      return changed(watch, event.trouble, { clearedBy: event.by });
    default:
      return assertNever(event);
  }
}

function changed(watch: Watch, name: string, to: Partial<Trouble>): Watch {
  const troubles = watch.troubles.map((one) => (one.trouble === name ? { ...one, ...to } : one));
  return { ...watch, troubles };
}

/** What the figures count: everything linked that nobody called unrelated. */
export function linkedAlerts({ rollout, troubles }: Watch): readonly LinkedAlert[] {
  return troubles
    .filter(({ clearedBy }) => clearedBy === null)
    .map(({ trouble, startsAt, endsAt, fails }) => ({
      alert: trouble,
      rollout,
      startsAt,
      resolvedAt: endsAt,
      fails,
    }));
}
