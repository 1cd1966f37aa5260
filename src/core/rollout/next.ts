import { analysedTargets } from '#core/analysed-targets.ts';
import type { GateVerb } from '#core/gate.ts';
import type { Instant } from '#core/ids.ts';
import { signalbox } from '#core/people.ts';
import { raisesExposure, type Step } from '#core/step.ts';
import type { TargetChange } from '#core/target-state.ts';
import type { RolloutEvent } from './events.ts';
import { ended, type RolloutState } from './state.ts';
import { nextTargetBack, targetsKept, touchedTargets } from './way-back.ts';

/** The one thing to do next for a rollout. The worker does it and reports what it saw. */
export type Work =
  /** Nothing, until an event from outside or until the given instant. */
  | {
      readonly kind: 'wait';
      readonly until: Instant | null;
      /** Targets that are to stay as they were left meanwhile, and since when nothing is done. */
      readonly watch?: { readonly targets: readonly string[]; readonly since: Instant };
    }
  /** Needs nothing from the world: record these events and ask again. */
  | { readonly kind: 'record'; readonly events: readonly RolloutEvent[] }
  | { readonly kind: 'plan' }
  | { readonly kind: 'gates'; readonly verb: GateVerb; readonly step: number }
  | {
      readonly kind: 'converge';
      readonly step: number;
      readonly target: string;
      readonly change: TargetChange;
      readonly deadlineAt: Instant;
    }
  | {
      readonly kind: 'look';
      readonly step: number;
      /** Judged together. */
      readonly targets: readonly string[];
      readonly analysis: string;
      readonly from: Instant;
      readonly to: Instant;
      readonly everySeconds: number;
      readonly looksBefore: number;
      /** Looks of the plan; more may follow for want of data. */
      readonly planned: number;
      readonly last: boolean;
      /** Looks past the planned ones, because the data did not suffice. */
      readonly extra: number;
    }
  | { readonly kind: 'back'; readonly target: string; readonly deadlineAt: Instant }
  | { readonly kind: 'settle' };

/** An analysis is extended at most by this many looks before a person is asked. */
export const extraLooks = 4;

/** Decides the next work. Pure: the same state and instant give the same answer. */
export function next(state: RolloutState, now: Instant): Work {
  if (ended(state.phase)) return { kind: 'wait', until: null };
  switch (state.phase) {
    case 'planned':
      return { kind: 'plan' };
    case 'waiting':
      return whileWaiting(state, now);
    case 'paused':
      return whilePaused(state);
    case 'stuck':
      return { kind: 'wait', until: null };
    case 'aborting':
      return whileAborting(state);
    default:
      return whileProgressing(state, now);
  }
}

function whileWaiting(state: RolloutState, now: Instant): Work {
  const { plan } = state;
  if (plan === null || state.planHash === null) return { kind: 'plan' };
  if (now >= plan.notAfter) {
    return {
      kind: 'record',
      events: [
        { kind: 'rollout.expired', because: 'it did not start in the time the plan allows' },
      ],
    };
  }
  return { kind: 'gates', verb: state.intent === 'rollback' ? 'rollback' : 'start', step: 0 };
}

function whilePaused(state: RolloutState): Work {
  if (state.pause?.reason === 'gate') {
    const step = state.plan?.steps[state.step];
    return { kind: 'gates', verb: verbOf(state, step), step: state.step };
  }
  return { kind: 'wait', until: null };
}

function whileAborting(state: RolloutState): Work {
  const target = nextTargetBack(state);
  if (target === null) {
    const kept = targetsKept(state);
    const end: RolloutEvent = {
      kind: 'rollout.rolled_back',
      to: state.plan?.previous ?? null,
      ...(kept.length === 0 ? {} : { kept: [...kept] }),
    };
    return { kind: 'record', events: [end] };
  }
  const begun = state.abort?.at ?? 0;
  return { kind: 'back', target, deadlineAt: begun + 2 * deadlineMs(state) };
}

function deadlineMs(state: RolloutState): number {
  const seconds = (state.plan?.steps ?? []).map((step) =>
    'deadlineSeconds' in step ? step.deadlineSeconds : 0,
  );
  return Math.max(60, ...seconds) * 1000;
}

function whileProgressing(state: RolloutState, now: Instant): Work {
  if (state.countdown !== null) {
    if (now < state.countdown.at) return { kind: 'wait', until: state.countdown.at };
    return {
      kind: 'record',
      events: [{ kind: 'abort.begun', cause: state.countdown.cause, by: signalbox }],
    };
  }
  const step = state.plan?.steps[state.step];
  const run = state.steps[state.step];
  if (step === undefined || run === undefined) return { kind: 'settle' };
  if (state.planHash === null) return { kind: 'plan' };
  if (run.state === 'pending') {
    if (raisesExposure(step)) return { kind: 'gates', verb: verbOf(state, step), step: state.step };
    return { kind: 'record', events: [{ kind: 'step.started', step: state.step, attempt: 1 }] };
  }
  return atStep(state, step, run.startedAt ?? now, now);
}

/** What the gates are asked before a step. */
function verbOf(state: RolloutState, step: Step | undefined): GateVerb {
  if (state.intent === 'rollback') return 'rollback';
  return step?.kind === 'promote' || step?.kind === 'replace' ? 'promote' : 'advance';
}

function atStep(state: RolloutState, step: Step, startedAt: Instant, now: Instant): Work {
  const index = state.step;
  switch (step.kind) {
    case 'bake': {
      const until = startedAt + step.seconds * 1000;
      if (now < until) return watching(state, until, startedAt);
      return { kind: 'record', events: [{ kind: 'step.finished', step: index, note: '' }] };
    }
    case 'hold':
      return {
        kind: 'record',
        events: [{ kind: 'rollout.paused', reason: 'hold_step', detail: step.note, by: signalbox }],
      };
    case 'analyse':
      return lookAt(state, step, startedAt, now);
    default:
      return {
        kind: 'converge',
        step: index,
        target: step.target,
        change: changeOf(state, step),
        deadlineAt: startedAt + step.deadlineSeconds * 1000,
      };
  }
}

/** Waiting, while what was released so far must stay as it is. */
function watching(state: RolloutState, until: Instant, since: Instant): Work {
  return { kind: 'wait', until, watch: { targets: touchedTargets(state), since } };
}

type ChangingStep = Exclude<Step, { kind: 'bake' | 'hold' | 'analyse' }>;

function changeOf(state: RolloutState, step: ChangingStep): TargetChange {
  const { artifact } = state;
  switch (step.kind) {
    case 'prepare':
      return {
        kind: 'prepare',
        artifact,
        capacityPercent: step.capacityPercent,
        ...(step.baseline === true ? { baseline: true as const } : {}),
      };
    case 'shift':
      return { kind: 'shift', weight: step.weight };
    case 'promote':
      return { kind: 'promote' };
    case 'replace':
      return { kind: 'replace', artifact };
    case 'retire':
      return { kind: 'retire' };
    case 'run':
      return { kind: 'run', job: step.job, artifact };
  }
}

/**
 * Looks follow a fixed beat. After a time in which nobody looked, because the process was away, they
 * go on at that beat from the last one: made up for in a rush, they would be spent before there is
 * anything to see.
 */
function nextLookAt(
  startedAt: Instant,
  before: number,
  last: Instant | undefined,
  everyMs: number,
): Instant {
  const onBeat = startedAt + (before + 1) * everyMs;
  return last !== undefined && last > onBeat ? last + everyMs : onBeat;
}

function lookAt(
  state: RolloutState,
  step: Extract<Step, { kind: 'analyse' }>,
  startedAt: Instant,
  now: Instant,
): Work {
  const looks = state.looks.filter((look) => look.step === state.step && look.at >= startedAt);
  // Not all looks of a long stage are kept: the last one knows its number.
  const looksBefore = Math.max(looks.length, looks.at(-1)?.judgement.look ?? 0);
  const planned = Math.max(1, Math.floor(step.seconds / step.everySeconds));
  const due = nextLookAt(startedAt, looksBefore, looks.at(-1)?.at, step.everySeconds * 1000);
  if (now < due) return watching(state, due, startedAt);
  return {
    kind: 'look',
    step: state.step,
    targets: analysedTargets(step),
    analysis: step.analysis,
    from: startedAt,
    to: now,
    everySeconds: step.everySeconds,
    looksBefore,
    planned,
    last: looksBefore + 1 >= planned,
    extra: Math.max(0, looksBefore + 1 - planned),
  };
}
