import type { RolloutEvent } from './events.ts';
import type { RolloutState, StampedAlert } from './state.ts';

type AlertEvent = Extract<RolloutEvent, { kind: 'alert.stamped' | 'alert.cleared' }>;

/** The alerts of a rollout after one more event about them. */
export function stampedAlerts(state: RolloutState, event: AlertEvent): readonly StampedAlert[] {
  const alerts = state.alerts ?? [];
  if (event.kind === 'alert.cleared') {
    return alerts.map((one) =>
      one.alert === event.alert && one.cleared === null ? { ...one, cleared: event.because } : one,
    );
  }
  const { kind: _kind, ...stamped } = event;
  const others = alerts.filter((one) => one.alert !== event.alert);
  return [...others, { ...stamped, cleared: null }].slice(-50);
}

/** The alerts that still stand against a rollout. */
export function standingAlerts(state: RolloutState): readonly StampedAlert[] {
  return (state.alerts ?? []).filter(({ cleared }) => cleared === null);
}
