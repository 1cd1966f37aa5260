import type { Instant } from '#core/ids.ts';
import { signalbox } from '#core/people.ts';
import { turnBack } from './absorb.ts';
import type { RolloutCommand } from './command.ts';
import type { RolloutEvent } from './events.ts';
import { standingAlerts } from './stamped-alerts.ts';
import type { RolloutState } from './state.ts';

type Of<Kind extends RolloutCommand['kind']> = Extract<RolloutCommand, { kind: Kind }>;

/**
 * What an alert does to a rollout: its group is noted once, and where it counts it pauses the
 * rollout or turns it back. Nothing is held against a rollout that nobody is served by, or that is itself
 * the way back.
 */
export function stampAlert(
  state: RolloutState,
  command: Of<'stamp'>,
  now: Instant,
): readonly RolloutEvent[] {
  const { alert, name, severity, startsAt, effect } = command;
  const known = standingAlerts(state).some((one) => one.alert === alert);
  const stamped: readonly RolloutEvent[] = known
    ? []
    : [{ kind: 'alert.stamped', alert, name, severity, startsAt }];
  const counts = effect !== 'note' && state.exposed && state.intent === 'deploy';
  const moving = ['progressing', 'promoting', 'finalising'].includes(state.phase);
  if (!counts || !moving || state.countdown !== null) return stamped;
  const detail = `the alert ${name}${severity === '' ? '' : ` (${severity})`} fires`;
  if (effect === 'roll-back')
    return [...stamped, ...turnBack(state, { kind: 'alert', detail }, now)];
  return [...stamped, { kind: 'rollout.paused', reason: 'alert', detail, by: signalbox }];
}

/** The alert no longer stands against the rollout. What it stopped, a person sets going again. */
export function unstampAlert(
  state: RolloutState,
  { alert, because }: Of<'unstamp'>,
): readonly RolloutEvent[] {
  const stands = standingAlerts(state).some((one) => one.alert === alert);
  return stands ? [{ kind: 'alert.cleared', alert, because }] : [];
}
