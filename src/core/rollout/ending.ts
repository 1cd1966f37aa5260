import type { Instant } from '#core/ids.ts';
import type { RolloutEvent } from './events.ts';
import type { Phase, RolloutState } from './state.ts';

type Ending = Extract<
  RolloutEvent,
  {
    readonly kind:
      | 'rollout.succeeded'
      | 'rollout.rolled_back'
      | 'rollout.cancelled'
      | 'rollout.expired'
      | 'rollout.superseded';
  }
>;

/** What the end of a rollout makes of it: nothing waits any more, and why it ended is kept. */
export function ending(event: Ending, at: Instant): Partial<RolloutState> {
  switch (event.kind) {
    case 'rollout.succeeded':
      return end('succeeded', at);
    case 'rollout.rolled_back':
      return end('rolled_back', at);
    case 'rollout.cancelled':
      return { ...end('cancelled', at), endedBecause: byWhom(event) };
    case 'rollout.expired':
      return { ...end('expired', at), endedBecause: event.because };
    case 'rollout.superseded':
      return { ...end('superseded', at), endedBecause: `its place was taken by ${event.by}` };
  }
}

function end(phase: Phase, at: Instant): Partial<RolloutState> {
  return { phase, endedAt: at, pause: null, countdown: null, stuck: null, queue: null };
}

function byWhom({ by, reason }: Extract<Ending, { kind: 'rollout.cancelled' }>): string {
  if (reason.startsWith(by.displayName)) return reason;
  return reason === '' ? `by ${by.displayName}` : `by ${by.displayName}: ${reason}`;
}
