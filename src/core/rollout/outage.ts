import type { Reading } from '#core/analysis/reading.ts';
import type { Fault } from '#core/fault.ts';
import type { Instant } from '#core/ids.ts';
import type { OutageReason, RolloutEvent } from './events.ts';
import type { Outage, RolloutState } from './state.ts';

/** The least time between two tellings of one outage, in milliseconds. */
const tellAgainMs = 60_000;

/**
 * What an attempt leaves to record about an outage: that it began, that its reason is another one,
 * or that it is over. `found` is null when everything answered. An outage whose reason keeps
 * changing is told at each doubling of its age, so that an hour of it leaves a handful of events.
 */
export function outageEvents(
  state: Pick<RolloutState, 'outage'>,
  found: OutageReason | null,
  now: Instant,
): readonly RolloutEvent[] {
  const known = state.outage ?? null;
  if (found === null) return known === null ? [] : [over(known, now)];
  if (known === null) return [{ kind: 'outage.begun', ...found }];
  if (!sameThing(known, found)) return [over(known, now), { kind: 'outage.begun', ...found }];
  if (known.code === found.code && known.detail === found.detail) return [];
  const due = known.told + Math.max(tellAgainMs, known.told - known.since);
  return now < due ? [] : [{ kind: 'outage.begun', ...found }];
}

function over({ of, name, since }: Outage, now: Instant): RolloutEvent {
  return { kind: 'outage.over', of, name, seconds: Math.round((now - since) / 1000) };
}

function sameThing(one: OutageReason, other: OutageReason): boolean {
  return one.of === other.of && one.name === other.name;
}

/** What a fault of a target says. */
export function targetOutage(target: string, { code, message }: Fault): OutageReason {
  return { of: 'target', name: target, code, detail: message };
}

/** The first source that could not be read, among readings with the source of each; null without one. */
export function metricsOutage(
  read: readonly { readonly source: string; readonly reading: Reading }[],
): OutageReason | null {
  const unread = read.find(({ reading }) => reading.class === 'provider_error');
  if (unread === undefined) return null;
  const detail = unread.reading.notes.join('; ');
  return { of: 'metrics', name: unread.source, code: 'metrics.unavailable', detail };
}

/** Whatever moves a rollout on, halts it or ends it leaves nothing that is waited for. */
const enders: readonly RolloutEvent['kind'][] = [
  'outage.over',
  'plan.made',
  'step.finished',
  'step.failed',
  'step.skipped',
  'hold.advanced',
  'rollout.paused',
  'rollout.resumed',
  'abort.begun',
  'rollout.stuck',
  'rollout.succeeded',
  'rollout.rolled_back',
  'rollout.cancelled',
  'rollout.expired',
  'rollout.superseded',
];

/** What an event makes of the outage of a rollout: the part of the state that changes. */
export function outageAfter(
  state: Pick<RolloutState, 'outage'>,
  event: RolloutEvent,
  at: Instant,
): Pick<RolloutState, 'outage'> {
  const known = state.outage ?? null;
  if (event.kind !== 'outage.begun') {
    return known !== null && enders.includes(event.kind) ? { outage: null } : {};
  }
  const { of, name, code, detail } = event;
  const since = known !== null && sameThing(known, event) ? known.since : at;
  return { outage: { of, name, code, detail, since, told: at } };
}
