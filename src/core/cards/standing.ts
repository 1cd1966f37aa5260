import { formatDuration } from '#core/duration.ts';
import type { Tone } from '#core/message.ts';
import type { OutageReason, PauseReason } from '#core/rollout/events.ts';
import { ended, type Outage, type RolloutState } from '#core/rollout/state.ts';
import { targetsKept } from '#core/rollout/way-back.ts';
import { stepWords } from './step-words.ts';

/** Where a rollout stands, in a few words: the bold line of its card. */
export function standing(state: RolloutState): string {
  const version = state.artifact.version;
  if (state.countdown !== null && !ended(state.phase)) return `${wayBack(state)} announced`;
  const outage = outageOf(state);
  if (outage !== null && state.phase !== 'aborting') return `Waiting for ${outageWords(outage)}`;
  switch (state.phase) {
    case 'planned':
      return 'Planned';
    case 'waiting':
      return waiting(state);
    case 'progressing':
    case 'promoting':
    case 'finalising':
      return working(state);
    case 'paused':
      return pauseWords(state.pause?.reason ?? 'operator');
    case 'aborting':
      return state.plan?.previous
        ? `Rolling back to ${state.plan.previous.version}`
        : 'Turning back';
    case 'stuck':
      return 'Stuck: a person is needed';
    case 'succeeded':
      return `${version} is live`;
    case 'rolled_back':
      return rolledBack(state);
    case 'cancelled':
      return 'Cancelled';
    case 'expired':
      return 'Expired';
    case 'superseded':
      return 'Superseded';
  }
}

function rolledBack(state: RolloutState): string {
  const { previous } = state.plan ?? {};
  const back = previous ? `Rolled back to ${previous.version}` : 'Rolled back';
  const kept = targetsKept(state);
  return kept.length === 0
    ? back
    : `${back}, but ${kept.join(', ')} ${kept.length === 1 ? 'keeps' : 'keep'} ${state.artifact.version}`;
}

function waiting(state: RolloutState): string {
  if (state.queue !== null) {
    return `Queued behind ${state.queue.behind}, position ${state.queue.position}`;
  }
  // A decision was just made: nobody knows yet what the gates make of it.
  if (state.gates === null) return 'Asking the gates';
  const open = openGates(state);
  const blocked = open.find((gate) => gate.verdict === 'block');
  if (blocked !== undefined) return `Blocked by ${gateWords(blocked.gate)}`;
  if (open.length === 1 && open[0] !== undefined) return `Waiting for ${gateWords(open[0].gate)}`;
  return open.length === 0 ? 'Waiting to start' : `Waiting for ${open.length} gates`;
}

function working(state: RolloutState): string {
  const step = state.plan?.steps[state.step];
  if (state.plan === null || step === undefined) return 'Finishing';
  const run = state.steps[state.step];
  const attempt = run !== undefined && run.attempt > 1 ? `, attempt ${run.attempt}` : '';
  return `${stepWords(step, state.plan)}${attempt}`;
}

/** The gates that have not passed, as last asked. */
export function openGates(state: RolloutState): NonNullable<RolloutState['gates']>['outcomes'] {
  return (state.gates?.outcomes ?? []).filter(
    (outcome) => outcome.verdict === 'hold' || outcome.verdict === 'block',
  );
}

/** A gate's name as words. */
export function gateWords(gate: string): string {
  return gate.replaceAll('-', ' ').replaceAll('_', ' ');
}

/** Says in a few words why a rollout is paused. */
export function pauseWords(reason: PauseReason): string {
  return pauses[reason];
}

const pauses: Readonly<Record<PauseReason, string>> = {
  hold_step: 'Waiting for a person to advance',
  operator: 'Paused by a person',
  inconclusive: 'Paused: the metrics do not decide',
  provider_down: 'Paused: the metrics cannot be read',
  low_traffic: 'Paused: too little traffic to judge',
  gate: 'Paused: a gate holds',
  policy_changed: 'Paused: the settings changed',
  drift: 'Paused: something was changed from outside',
  rollback_stopped: 'Paused: the rollback was stopped',
  target_unavailable: 'Paused: the target cannot be reached',
  alert: 'Paused: an alert fires',
};

/** What holds a rollout up because it is out of reach; null where nothing does. */
export function outageOf(state: RolloutState): Outage | null {
  return ended(state.phase) ? null : (state.outage ?? null);
}

/** What is out of reach, named: `the target shop-production`. */
export function outageWords({ of, name }: Pick<OutageReason, 'of' | 'name'>): string {
  return of === 'target' ? `the target ${name}` : `the metrics source ${name}`;
}

/** What going back is called: it names what will run afterwards. */
export function wayBack(state: RolloutState): string {
  const previous = state.plan?.previous ?? null;
  return previous === null
    ? `Removal of ${state.artifact.version}`
    : `Rollback to ${previous.version}`;
}

/** The tone of everything that is said about the rollout as it stands. */
export function toneOf(state: RolloutState): Tone {
  if (state.countdown !== null && !ended(state.phase)) return 'danger';
  if (outageOf(state) !== null) return 'warning';
  switch (state.phase) {
    case 'planned':
    case 'cancelled':
    case 'expired':
    case 'superseded':
      return 'neutral';
    case 'waiting':
      return openGates(state).some((gate) => gate.verdict === 'block') ? 'warning' : 'waiting';
    case 'paused':
      return state.pause?.reason === 'hold_step' ? 'waiting' : 'warning';
    case 'progressing':
    case 'promoting':
    case 'finalising':
      return 'progress';
    case 'succeeded':
      return 'success';
    case 'aborting':
    case 'rolled_back':
      return 'warning';
    case 'stuck':
      return 'danger';
  }
}

/** What the rollout is about: the title of its card and of every message about it. */
export function subjectOf(state: RolloutState): string {
  const { service, environment, artifact } = state;
  return state.intent === 'rollback'
    ? `${service} back to ${artifact.version} in ${environment}`
    : `${service} ${artifact.version} → ${environment}`;
}

/** How long the rollout took, or null while it has not both begun and ended. */
export function tookWords(state: RolloutState): string | null {
  if (state.startedAt === null || state.endedAt === null) return null;
  return formatDuration((state.endedAt - state.startedAt) / 1000);
}

/** How long the way back took, as the end of a sentence; empty while that is not known. */
export function backAfter({ abort, endedAt }: RolloutState): string {
  if (abort === null || endedAt === null) return '';
  return `, after ${formatDuration((endedAt - abort.at) / 1000)}`;
}
