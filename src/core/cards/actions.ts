import type { Instant, PlanHash, RolloutId } from '#core/ids.ts';
import type { Button } from '#core/message.ts';
import { pastReturn } from '#core/rollout/absorb.ts';
import { ended, type RolloutState } from '#core/rollout/state.ts';

/** Something that a person may do with a rollout as it stands. Whether *this* person may is asked at the press. */
export interface CardAction {
  /** Name of the command that the press runs, and its arguments. */
  readonly command: string;
  readonly args: Readonly<Record<string, string>>;
  /** The rollout that it is about; null for an act on a place. */
  readonly rollout: RolloutId | null;
  /** The plan that the press is about; null where haste matters more than the plan. */
  readonly planHash: PlanHash | null;
  /** Names the exact target. At most 75 characters; the first 30 suffice. */
  readonly label: string;
  readonly style: Button['style'];
  readonly confirm: NonNullable<Button['confirm']> | null;
  readonly ask: NonNullable<Button['ask']> | null;
}

/** How long a finished release offers the way back on its card, in milliseconds. */
const offerRollbackMs = 7 * 86_400_000;

/**
 * The buttons of a rollout, most likely first. None at the end, except the way back on a release
 * that went live. Going back is not offered beyond a point of no return.
 */
export function actionsFor(state: RolloutState, now: Instant): readonly CardAction[] {
  if (ended(state.phase)) return afterTheEnd(state, now);
  if (state.countdown !== null) return [stopRollback(state), abort(state, 'now')];
  switch (state.phase) {
    case 'planned':
      return [cancel(state)];
    case 'waiting':
      return [...decisions(state), state.exposed ? abort(state) : cancel(state)];
    case 'progressing':
    case 'promoting':
      return [pause(state), ...back(state)];
    case 'finalising':
      return back(state);
    case 'paused':
      return [...decisions(state), ...goOn(state), ...back(state)];
    case 'stuck':
      return state.abort === null ? [tryAgain(state), ...back(state)] : [tryAgain(state)];
    default:
      return [];
  }
}

/**
 * The decisions that a rollout waits for: approve and deny while its approval gate is open, or
 * while that gate is asked again after somebody decided.
 */
export function decisions(state: RolloutState): readonly CardAction[] {
  const asks = state.phase === 'waiting' || state.pause?.reason === 'gate';
  const planned = state.plan?.gates.some(({ gate }) => gate === 'approval') ?? false;
  const outcome = state.gates?.outcomes.find(({ gate }) => gate === 'approval');
  const open = outcome === undefined ? state.gates === null : outcome.verdict === 'hold';
  return asks && planned && open ? [approve(state), deny(state)] : [];
}

function approve(state: RolloutState): CardAction {
  const { artifact, environment, service } = state;
  return action(state, 'approve', {
    label: `Approve ${artifact.version} for ${environment}`,
    style: 'primary',
    planHash: state.planHash,
    confirm: {
      title: `Approve ${artifact.version} for ${environment}?`,
      text: `${instead(state, `${service} ${artifact.version}`)} Your approval holds for plan ${shortHash(state.planHash)} alone and is recorded with your name.`,
      yes: `Approve ${artifact.version}`,
    },
    ask: { label: 'Comment', required: false },
  });
}

function deny(state: RolloutState): CardAction {
  return action(state, 'deny', {
    label: `Deny ${state.artifact.version}`,
    planHash: state.planHash,
    ask: { label: `Why not ${state.artifact.version}?`, required: true },
  });
}

function cancel(state: RolloutState): CardAction {
  const { artifact, environment } = state;
  return action(state, 'abort', {
    label: `Cancel ${artifact.version}`,
    confirm: {
      title: `Cancel ${artifact.version}?`,
      text: `The request for ${environment} ends here. Nothing has been changed there.`,
      yes: `Cancel ${artifact.version}`,
    },
  });
}

function pause(state: RolloutState): CardAction {
  return action(state, 'pause', {
    label: `Pause at ${highestWeight(state)} %`,
    ask: { label: 'Why pause?', required: false },
  });
}

function goOn(state: RolloutState): readonly CardAction[] {
  if (state.pause?.reason === 'hold_step') return [advance(state)];
  const { version } = state.artifact;
  return [
    action(state, 'resume', {
      label: `Resume ${version}`,
      style: 'primary',
      planHash: state.planHash,
      confirm: {
        title: `Resume ${version}?`,
        text: `The release goes on where it paused, with ${highestWeight(state)} % of traffic.`,
        yes: `Resume ${version}`,
      },
    }),
  ];
}

function advance(state: RolloutState): CardAction {
  const goal = nextGoal(state);
  return action(state, 'advance', {
    label: `Advance to ${goal}`,
    style: 'primary',
    planHash: state.planHash,
    confirm: {
      title: `Advance to ${goal}?`,
      text: `${state.artifact.version} now has ${highestWeight(state)} % of traffic in ${state.environment}.`,
      yes: 'Advance',
    },
  });
}

/** What comes after the present hold: a share of the traffic, or the promotion. */
function nextGoal(state: RolloutState): string {
  for (const step of state.plan?.steps.slice(state.step) ?? []) {
    if (step.kind === 'shift') return `${step.weight} %`;
    if (step.kind === 'promote' || step.kind === 'replace') return '100 %';
  }
  return 'the next step';
}

function tryAgain(state: RolloutState): CardAction {
  return action(state, 'resume', {
    label: 'Try again',
    style: 'primary',
    planHash: state.planHash,
    confirm: {
      title: 'Try again?',
      text: `Has this been seen to? ${state.stuck ?? ''}`,
      yes: 'Try again',
    },
  });
}

/** The way back while the rollout is under way. */
function back(state: RolloutState): readonly CardAction[] {
  return pastReturn(state) === null ? [abort(state)] : [];
}

function abort(state: RolloutState, when: 'now' | 'planned' = 'planned'): CardAction {
  const previous = state.plan?.previous ?? null;
  const goal =
    previous === null ? `Remove ${state.artifact.version}` : `Roll back to ${previous.version}`;
  return action(state, 'abort', {
    label: when === 'now' ? `${goal} now` : goal,
    style: 'danger',
    confirm: {
      title: `${goal}?`,
      text: `${state.artifact.version} is taken out of ${state.environment}, where it has ${highestWeight(state)} % of traffic.`,
      yes: goal,
    },
  });
}

/** No dialog and no question: the countdown would not wait for them. */
function stopRollback(state: RolloutState): CardAction {
  return action(state, 'stop-rollback', { label: 'Stop rollback', style: 'primary' });
}

function afterTheEnd(state: RolloutState, now: Instant): readonly CardAction[] {
  const previous = state.plan?.previous ?? null;
  const fresh = state.endedAt !== null && now - state.endedAt < offerRollbackMs;
  if (state.phase !== 'succeeded' || state.intent !== 'deploy') return [];
  if (previous === null || !fresh || pastReturn(state) !== null) return [];
  return [
    action(state, 'rollback', {
      label: `Roll back to ${previous.version}`,
      style: 'danger',
      confirm: {
        title: `Roll back to ${previous.version}?`,
        text: `${previous.version} replaces ${state.artifact.version} in ${state.environment}, the fast way: no freeze, no soak, no quorum. ${state.environment} is locked afterwards.`,
        yes: `Roll back to ${previous.version}`,
      },
    }),
  ];
}

function action(
  state: RolloutState,
  command: string,
  parts: Pick<CardAction, 'label'> & Partial<CardAction>,
): CardAction {
  return {
    command,
    args: { rollout: state.id },
    rollout: state.id,
    planHash: null,
    style: 'plain',
    confirm: null,
    ask: null,
    ...parts,
    label: clipped(parts.label, 75),
    ...(parts.confirm ? { confirm: fitting(parts.confirm) } : {}),
    ...(parts.ask ? { ask: { ...parts.ask, label: clipped(parts.ask.label, 45) } } : {}),
  };
}

/** Dialogs fit the narrowest platform: title 100, text 300, button 30, question 45 characters. */
function fitting(confirm: NonNullable<Button['confirm']>): NonNullable<Button['confirm']> {
  return {
    title: clipped(confirm.title, 100),
    text: clipped(confirm.text, 300),
    yes: clipped(confirm.yes, 30),
  };
}

function clipped(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function instead(state: RolloutState, what: string): string {
  const previous = state.plan?.previous ?? null;
  return previous === null
    ? `${what} is the first release there.`
    : `${what} takes the place of ${previous.version}.`;
}

/** The first eight digits of a plan's hash: enough to compare by eye. */
export function shortHash(hash: PlanHash | null): string {
  return hash === null ? 'none' : hash.slice(0, 8);
}

/** The largest share of traffic that the new artifact has on any target, in percent. */
export function highestWeight(state: RolloutState): number {
  return Math.max(0, ...Object.values(state.weights));
}
