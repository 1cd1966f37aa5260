import { fixedGatesStand, overrideNeedsReason, samePerson } from '#core/access/hard-rules.ts';
import { assertNever } from '#core/fault.ts';
import { gates } from '#core/gates/index.ts';
import type { Instant } from '#core/ids.ts';
import { type Refusal, refusal } from '#core/refusal.ts';
import { no, ok, type Result } from '#core/result.ts';
import { pastReturn } from './absorb.ts';
import type { RolloutCommand } from './command.ts';
import { stampAlert, unstampAlert } from './decide-alert.ts';
import { decideApproval } from './decide-approval.ts';
import type { GateOutcome, RolloutEvent } from './events.ts';
import { ended, type RolloutState } from './state.ts';

type Answer = Result<readonly RolloutEvent[]>;
type Of<Kind extends RolloutCommand['kind']> = Extract<RolloutCommand, { kind: Kind }>;

/**
 * Answers a command with the events that it causes, or refuses it. Authority was checked before.
 * Refusals: `rollout.ended`, `rollout.wrong_phase`, `rollout.beyond_return`, `approval.*`,
 * `plan.superseded`, `gate.not_overridable`, `access.missing_role` (reviewing one's own override).
 */
export function decide(state: RolloutState, command: RolloutCommand, now: Instant): Answer {
  if (command.kind === 'review') return review(state, command);
  if (ended(state.phase)) {
    return no(
      refusal(
        'rollout.ended',
        `${state.id} has ended: ${state.phase.replaceAll('_', ' ')}.`,
        'Request a new release, or see its history.',
      ),
    );
  }
  switch (command.kind) {
    case 'approve':
    case 'deny':
    case 'revoke':
      return decideApproval(state, command, now);
    case 'advance':
      return advance(state, command);
    case 'pause':
      return pause(state, command);
    case 'resume':
      return resume(state, command);
    case 'abort':
      return abort(state, command);
    case 'stop-rollback':
      return stopRollback(state, command);
    case 'override':
      return override(state, command);
    case 'stamp':
      return ok(stampAlert(state, command, now));
    case 'unstamp':
      return ok(unstampAlert(state, command));
    default:
      return assertNever(command);
  }
}

function wrongPhase(state: RolloutState, what: string, next: string): Refusal {
  const phase = state.phase.replaceAll('_', ' ');
  return refusal('rollout.wrong_phase', `${state.id} is ${phase}: ${what}.`, next);
}

function advance(state: RolloutState, command: Of<'advance'>): Answer {
  if (command.toStep !== null) return skipTo(state, command, command.toStep);
  if (state.phase === 'paused' && state.pause?.reason === 'hold_step') {
    return ok([
      { kind: 'hold.advanced', step: state.step, by: command.by, reason: command.reason },
    ]);
  }
  return no(
    wrongPhase(
      state,
      'it does not wait to be advanced',
      'Use resume for a pause, or name a step to skip to.',
    ),
  );
}

/** Skips the steps before `toStep` that only wait or watch; a step that changes the world is never skipped. */
function skipTo(state: RolloutState, command: Of<'advance'>, toStep: number): Answer {
  const steps = state.plan?.steps ?? [];
  if (state.startedAt === null || state.phase === 'aborting' || state.countdown !== null) {
    return no(wrongPhase(state, 'steps cannot be skipped now', 'Wait until it is progressing.'));
  }
  if (toStep <= state.step || toStep > steps.length) {
    return no(
      wrongPhase(
        state,
        `step ${toStep + 1} is not ahead`,
        `Name a step from ${state.step + 2} to ${steps.length}.`,
      ),
    );
  }
  const between = steps.slice(state.step, toStep);
  const changing = between.find(
    ({ kind }) => kind !== 'bake' && kind !== 'hold' && kind !== 'analyse',
  );
  if (changing !== undefined) {
    return no(
      wrongPhase(
        state,
        `a ${changing.kind} step lies between and cannot be skipped`,
        'Skip waiting and analysis only.',
      ),
    );
  }
  return ok([
    ...(state.phase === 'paused'
      ? [{ kind: 'rollout.resumed' as const, by: command.by, reason: command.reason }]
      : []),
    ...between.map((_, offset) => ({
      kind: 'step.skipped' as const,
      step: state.step + offset,
      by: command.by,
      reason: command.reason,
    })),
  ]);
}

function pause(state: RolloutState, command: Of<'pause'>): Answer {
  const able = ['waiting', 'progressing', 'promoting', 'finalising'];
  if (!able.includes(state.phase)) {
    return no(wrongPhase(state, 'it cannot be paused now', 'See its status.'));
  }
  return ok([
    ...(state.countdown === null
      ? []
      : [{ kind: 'rollback.stopped' as const, by: command.by, reason: command.reason }]),
    { kind: 'rollout.paused', reason: 'operator', detail: command.reason, by: command.by },
  ]);
}

function resume(state: RolloutState, command: Of<'resume'>): Answer {
  if (state.phase !== 'paused' && state.phase !== 'stuck') {
    return no(wrongPhase(state, 'it is not paused', 'See its status.'));
  }
  if (state.phase === 'paused' && state.pause?.reason === 'hold_step') {
    return no(wrongPhase(state, 'it waits at a hold', 'Use advance.'));
  }
  if (state.phase === 'stuck' && state.abort !== null) {
    return ok([{ kind: 'abort.begun', cause: state.abort.cause, by: command.by }]);
  }
  return ok([{ kind: 'rollout.resumed', by: command.by, reason: command.reason }]);
}

function abort(state: RolloutState, command: Of<'abort'>): Answer {
  if (state.phase === 'aborting') {
    return no(wrongPhase(state, 'it is already going back', 'Watch its thread.'));
  }
  if (state.startedAt === null) {
    return ok([{ kind: 'rollout.cancelled', by: command.by, reason: command.cause.detail }]);
  }
  const beyond = pastReturn(state);
  if (beyond !== null) {
    return no(
      refusal(
        'rollout.beyond_return',
        `Step ${beyond + 1} of ${state.id} cannot be undone.`,
        'Pause it, then fix forward.',
      ),
    );
  }
  const { cause, by } = command;
  const detail = cause.detail === '' ? `${by.displayName} asked for it` : cause.detail;
  return ok([{ kind: 'abort.begun', cause: { ...cause, detail }, by }]);
}

function stopRollback(state: RolloutState, command: Of<'stop-rollback'>): Answer {
  if (state.countdown === null) {
    return no(wrongPhase(state, 'no rollback has been announced', 'See its status.'));
  }
  return ok([
    { kind: 'rollback.stopped', by: command.by, reason: command.reason },
    {
      kind: 'rollout.paused',
      reason: 'rollback_stopped',
      detail: state.countdown.cause.detail,
      by: command.by,
    },
  ]);
}

function override(state: RolloutState, command: Of<'override'>): Answer {
  const closed = (state.gates?.outcomes ?? []).filter(
    ({ verdict }) => verdict === 'hold' || verdict === 'block',
  );
  if (closed.length === 0) {
    return no(wrongPhase(state, 'no gate stands in the way', 'See what blocks it with why.'));
  }
  const objection =
    overrideNeedsReason(command.reason) ??
    closed.map(standsFast).find((fixed) => fixed !== null) ??
    null;
  if (objection !== null) return no(objection);
  return ok([
    {
      kind: 'override.used',
      by: command.by,
      reason: command.reason,
      gates: closed.map(({ gate }) => gate),
      evidence: [...command.evidence],
    },
  ]);
}

function standsFast({ gate: name }: GateOutcome): Refusal | null {
  const gate = gates.find((one) => one.name === name);
  return gate === undefined ? null : fixedGatesStand(gate);
}

function review(state: RolloutState, command: Of<'review'>): Answer {
  const open = state.overrides.filter(({ reviewedBy }) => reviewedBy === null);
  if (open.length === 0) {
    return no(wrongPhase(state, 'nothing waits for review', 'See its history.'));
  }
  if (open.some(({ by }) => samePerson(by, command.by))) {
    return no(
      refusal(
        'approval.self',
        'Nobody reviews their own break-glass.',
        'Ask somebody else to review it.',
      ),
    );
  }
  return ok([{ kind: 'override.reviewed', by: command.by, comment: command.comment }]);
}
