import type { Reading } from '#core/analysis/reading.ts';
import type { Judgement } from '#core/analysis/verdict.ts';
import { formatDuration } from '#core/duration.ts';
import type { Instant } from '#core/ids.ts';
import { signalbox } from '#core/people.ts';
import type { TargetChange, TargetStatus } from '#core/target-state.ts';
import { convergence } from './converged.ts';
import type { AbortCause, GateOutcome, RolloutEvent } from './events.ts';
import { extraLooks, type Work } from './next.ts';
import type { RolloutState } from './state.ts';
import { formerAt, stepBack } from './way-back.ts';

type Events = readonly RolloutEvent[];

/** What a converging step makes of the target's status. */
export function absorbStatus(
  state: RolloutState,
  work: Extract<Work, { kind: 'converge' }>,
  status: TargetStatus,
  now: Instant,
): Events {
  const { step, change, target } = work;
  const seen = convergence(change, status, state.artifact);
  if (seen.kind === 'done') {
    const weight = weightAfter(change.kind === 'shift' ? change.weight : null, change.kind);
    return [
      ...(weight === null || state.weights[target] === weight
        ? []
        : [{ kind: 'weight.shifted' as const, target, weight }]),
      { kind: 'step.finished', step, note: seen.note },
    ];
  }
  if (seen.kind === 'failed') return stepFailed(state, step, 'step_failed', seen.note, now);
  if (now >= work.deadlineAt) {
    const problem = status.problems[0];
    const detail =
      problem === undefined ? seen.note : `${problem.code.replaceAll('_', ' ')}: ${problem.text}`;
    return stepFailed(state, step, 'deadline', `no progress in time (${detail})`, now);
  }
  if (state.steps[step]?.note === seen.note) return [];
  return [{ kind: 'step.noted', step, note: seen.note }];
}

function weightAfter(asked: number | null, kind: string): number | null {
  if (asked !== null) return asked;
  return kind === 'promote' || kind === 'replace' ? 100 : null;
}

/** A step that failed turns the rollout back, or pauses it where that is switched off. */
export function stepFailed(
  state: RolloutState,
  step: number,
  cause: AbortCause['kind'],
  detail: string,
  now: Instant,
): Events {
  return [
    { kind: 'step.failed', step, outcome: 'failed', note: detail },
    ...turnBack(state, { kind: cause, detail }, now),
  ];
}

/** Announces the automatic rollback, or pauses when it is off or can no longer be done. */
export function turnBack(state: RolloutState, cause: AbortCause, now: Instant): Events {
  const { plan } = state;
  if (plan === null) return [];
  const beyond = pastReturn(state);
  const stays = !plan.autoRollback || plan.onFailure === 'stop';
  if (stays || beyond !== null) {
    const detail =
      beyond === null
        ? `${cause.detail}; ${plan.autoRollback ? 'the plan stops here' : 'automatic rollback is off here'}`
        : `${cause.detail}; step ${beyond + 1} cannot be undone, so fix forward or decide by hand`;
    const reason = cause.kind === 'alert' ? 'alert' : 'inconclusive';
    return [{ kind: 'rollout.paused', reason, detail, by: signalbox }];
  }
  const seconds = cause.kind === 'limit' ? 0 : plan.rollbackCountdownSeconds;
  return [{ kind: 'rollback.announced', cause, at: now + seconds * 1000 }];
}

/** The first point of no return that has been passed; null when none was. */
export function pastReturn(state: RolloutState): number | null {
  const passed = (state.plan?.pointsOfNoReturn ?? []).find((index) => {
    const run = state.steps[index];
    return run !== undefined && run.state !== 'pending' && run.state !== 'skipped';
  });
  return passed ?? null;
}

/** What a look makes of its judgement. */
export function absorbJudgement(
  state: RolloutState,
  work: Extract<Work, { kind: 'look' }>,
  judgement: Judgement,
  samples: {
    readonly id: string;
    readonly hash: string;
    /** How the readings that were judged are classed. */
    readonly classes: readonly Reading['class'][];
  },
  now: Instant,
): Events {
  const { step } = work;
  const judged: RolloutEvent = {
    kind: 'analysis.judged',
    step,
    judgement,
    samples: samples.id,
    samplesHash: samples.hash,
  };
  switch (judgement.action) {
    case 'go_on':
      return work.last
        ? [judged, { kind: 'step.finished', step, note: judgement.summary }]
        : [judged];
    case 'extend':
      return work.extra < extensionOf(work)
        ? [judged]
        : [
            judged,
            pause('low_traffic', `${judgement.summary} after ${formatDuration(seconds(work))}`),
          ];
    case 'pause':
      return [judged, pause(pauseReason(judgement, samples.classes), judgement.summary)];
    case 'roll_back':
      return [judged, ...turnBack(state, { kind: 'verdict', detail: judgement.summary }, now)];
    case 'abort_now':
      return [judged, ...turnBack(state, { kind: 'limit', detail: judgement.summary }, now)];
  }
}

/** Trouble of the provider and lack of traffic are told apart from trouble of the release. */
function pauseReason(judgement: Judgement, classes: readonly Reading['class'][]): Paused['reason'] {
  if (judgement.phase === 'error' || classes.includes('provider_error')) return 'provider_down';
  const starved = judgement.metrics.every(({ verdict }) => verdict === 'too_few_data');
  const idle =
    classes.length > 0 && classes.every((one) => one === 'no_traffic' || one === 'too_few');
  return idle || (starved && judgement.metrics.length > 0) ? 'low_traffic' : 'inconclusive';
}

/** Looks that may be added: as many again as were planned. */
function extensionOf({ looksBefore, extra }: Extract<Work, { kind: 'look' }>): number {
  return Math.max(extraLooks, looksBefore + 1 - extra);
}

type Paused = Extract<RolloutEvent, { kind: 'rollout.paused' }>;

function seconds(work: Extract<Work, { kind: 'look' }>): number {
  return (work.to - work.from) / 1000;
}

function pause(
  reason: Extract<RolloutEvent, { kind: 'rollout.paused' }>['reason'],
  detail: string,
): RolloutEvent {
  return { kind: 'rollout.paused', reason, detail, by: signalbox };
}

/** What the answers of the gates lead to. `free`: nobody else holds the place. */
export function absorbGates(
  state: RolloutState,
  work: Extract<Work, { kind: 'gates' }>,
  outcomes: readonly GateOutcome[],
): Events {
  const evaluated: RolloutEvent = {
    kind: 'gates.evaluated',
    step: work.step,
    verb: work.verb,
    outcomes: [...outcomes],
  };
  const passed = outcomes.every(({ verdict }) => verdict === 'pass' || verdict === 'overridden');
  if (passed) return [evaluated, ...onward(state, work)];
  const news = sameOutcomes(state.gates?.outcomes ?? [], outcomes) ? [] : [evaluated];
  if (state.phase === 'waiting' || state.phase === 'paused') return news;
  const holding = outcomes.find(({ verdict }) => verdict === 'block' || verdict === 'hold');
  return [...news, pause('gate', `${holding?.gate ?? 'a gate'}: ${holding?.reason ?? ''}`)];
}

function onward(state: RolloutState, work: Extract<Work, { kind: 'gates' }>): Events {
  const begin: RolloutEvent = {
    kind: 'step.started',
    step: work.step,
    attempt: (state.steps[work.step]?.attempt ?? 0) + 1,
  };
  if (state.phase === 'waiting') return [{ kind: 'rollout.started' }, begin];
  if (state.phase !== 'paused') return [begin];
  return [
    { kind: 'rollout.resumed', by: signalbox, reason: 'the gate opened' },
    ...(state.steps[work.step]?.state === 'pending' ? [begin] : []),
  ];
}

function sameOutcomes(a: readonly GateOutcome[], b: readonly GateOutcome[]): boolean {
  return (
    a.length === b.length &&
    a.every((outcome, index) => {
      const other = b[index];
      return (
        other !== undefined &&
        outcome.gate === other.gate &&
        outcome.verdict === other.verdict &&
        outcome.reason === other.reason
      );
    })
  );
}

/** What one look at a target on the way back leads to, and the change to ask for, if any. */
export function absorbBack(
  state: RolloutState,
  work: Extract<Work, { kind: 'back' }>,
  status: TargetStatus,
  now: Instant,
): { readonly events: Events; readonly ask: TargetChange | null } {
  const back = stepBack(status, state.artifact, formerAt(state, work.target));
  if (back.kind === 'complete') {
    return { events: [{ kind: 'abort.stepped', target: work.target, done: 'removed' }], ask: null };
  }
  if (back.kind === 'impossible') {
    return { events: [{ kind: 'rollout.stuck', because: back.because }], ask: null };
  }
  if (now >= work.deadlineAt) {
    const because = `going back on ${work.target} made no progress in time (${back.change.kind})`;
    return { events: [{ kind: 'rollout.stuck', because }], ask: null };
  }
  const lost =
    (state.weights[work.target] ?? 0) > 0 && status.weight === 0 && back.done === 'removed';
  return {
    events: lost ? [{ kind: 'abort.stepped', target: work.target, done: 'weight' }] : [],
    ask: back.reached ? null : back.change,
  };
}

/** What a fault of the target leads to once its deadline has passed: a pause, never a rollback. */
export function absorbOutage(
  state: RolloutState,
  step: number,
  detail: string,
): readonly RolloutEvent[] {
  if (state.phase === 'aborting') return [{ kind: 'rollout.stuck', because: detail }];
  return [
    { kind: 'step.failed', step, outcome: 'errored', note: detail },
    pause('target_unavailable', detail),
  ];
}
