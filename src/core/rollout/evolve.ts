import { assertNever } from '#core/fault.ts';
import type { Instant } from '#core/ids.ts';
import type { Actor } from '#core/people.ts';
import type { Plan } from '#core/plan.ts';
import { approvalOf, withoutDecisionOf } from './approval-given.ts';
import { ending } from './ending.ts';
import type { RolloutEvent } from './events.ts';
import { outageAfter } from './outage.ts';
import { stampedAlerts } from './stamped-alerts.ts';
import type { Phase, RolloutState, StepRun } from './state.ts';

/** An event with who caused it and when the database recorded it. */
export interface Recorded {
  readonly at: Instant;
  readonly actor: Actor;
  readonly event: RolloutEvent;
}

/** Folds recorded events into a state; null when there are none. */
export function fold(events: readonly Recorded[]): RolloutState | null {
  let state: RolloutState | null = null;
  for (const recorded of events) state = evolve(state, recorded);
  return state;
}

/**
 * The state after one more event. Total: it never refuses, because an event is a fact.
 * @throws Error when the first event is not `rollout.requested` (a bug or a damaged stream).
 */
export function evolve(state: RolloutState | null, recorded: Recorded): RolloutState {
  if (recorded.event.kind === 'rollout.requested') return requested(recorded.event, recorded.at);
  if (state === null) throw new Error(`A rollout cannot begin with ${recorded.event.kind}`);
  const { event, at } = recorded;
  return { ...state, ...change(state, event, at), ...outageAfter(state, event, at) };
}

type Requested = Extract<RolloutEvent, { kind: 'rollout.requested' }>;

function requested(event: Requested, at: Instant): RolloutState {
  return {
    id: event.rollout,
    intent: event.intent,
    service: event.service,
    environment: event.environment,
    artifact: event.artifact,
    requester: event.requester,
    reason: event.reason,
    breakGlass: event.breakGlass,
    origin: event.origin,
    requestedAt: at,
    phase: 'planned',
    plan: null,
    planHash: null,
    planMadeAt: null,
    approvals: [],
    denials: [],
    gates: null,
    queue: null,
    startedAt: null,
    step: 0,
    steps: [],
    weights: {},
    pause: null,
    looks: [],
    countdown: null,
    condemned: false,
    abort: null,
    stuck: null,
    overrides: [],
    endedAt: null,
    exposed: false,
  };
}

function change(state: RolloutState, event: RolloutEvent, at: Instant): Partial<RolloutState> {
  switch (event.kind) {
    case 'rollout.requested':
      return {};
    case 'plan.made':
      return planMade(state, event.plan, event.hash, at);
    case 'changes.noted':
      return { changes: { list: event.list, because: event.because } };
    case 'plan.voided':
      return {
        planHash: null,
        gates: null,
        ...(state.startedAt === null ? { phase: 'planned' } : {}),
      };
    case 'gates.evaluated':
      return { gates: { step: event.step, verb: event.verb, at, outcomes: event.outcomes } };
    case 'approval.given':
      return {
        approvals: [...withoutDecisionOf(state, event.by), approvalOf(event, at)],
        gates: null,
      };
    case 'approval.denied':
      return {
        denials: [...state.denials, { by: event.by, hash: event.hash, comment: event.comment, at }],
        gates: null,
      };
    case 'approval.revoked':
      return {
        approvals: state.approvals.map((given) =>
          given.by.person === event.by.person && given.hash === event.hash
            ? { ...given, revoked: event.because }
            : given,
        ),
        gates: null,
      };
    case 'rollout.queued':
      return { queue: { behind: event.behind, position: event.position } };
    case 'rollout.started':
      return { phase: 'progressing', startedAt: at, queue: null };
    case 'step.started':
      return {
        steps: setStep(state, event.step, {
          state: 'running',
          attempt: event.attempt,
          startedAt: at,
          finishedAt: null,
        }),
        phase: phaseOfStep(state, event.step),
      };
    case 'step.noted':
      return { steps: setStep(state, event.step, { note: event.note }) };
    case 'step.finished':
      return {
        steps: setStep(state, event.step, { state: 'done', finishedAt: at, note: event.note }),
        step: event.step + 1,
        gates: null,
        phase: event.step + 1 >= state.steps.length ? 'finalising' : 'progressing',
      };
    case 'step.failed':
      return {
        steps: setStep(state, event.step, {
          state: event.outcome,
          finishedAt: at,
          note: event.note,
        }),
      };
    case 'step.skipped':
      return {
        steps: setStep(state, event.step, { state: 'skipped', finishedAt: at, note: event.reason }),
        step: event.step + 1,
        gates: null,
        phase: event.step + 1 >= state.steps.length ? 'finalising' : 'progressing',
        pause: null,
      };
    case 'weight.shifted':
      return {
        weights: { ...state.weights, [event.target]: event.weight },
        exposed: state.exposed || event.weight > 0,
      };
    case 'analysis.judged':
      return judged(state, event, at);
    case 'rollout.paused':
      return {
        phase: 'paused',
        pause: { reason: event.reason, detail: event.detail, by: event.by, at },
      };
    case 'rollout.resumed':
      return { ...resumed(state, at), gates: null };
    case 'hold.advanced':
      return {
        steps: setStep(state, event.step, { state: 'done', finishedAt: at, note: event.reason }),
        step: event.step + 1,
        phase: event.step + 1 >= state.steps.length ? 'finalising' : 'progressing',
        pause: null,
        gates: null,
      };
    case 'rollback.announced':
      return { countdown: { cause: event.cause, at: event.at } };
    case 'rollback.stopped':
      return { countdown: null, condemned: false };
    case 'abort.begun':
      return {
        phase: 'aborting',
        abort: { cause: event.cause, by: event.by, at, done: [] },
        countdown: null,
        pause: null,
        stuck: null,
      };
    case 'abort.stepped':
      return abortStepped(state, event.target, event.done);
    case 'outage.begun':
    case 'outage.over':
      return {};
    case 'rollout.stuck':
      return { phase: 'stuck', stuck: event.because, pause: null, countdown: null };
    case 'rollout.succeeded':
    case 'rollout.rolled_back':
    case 'rollout.cancelled':
    case 'rollout.expired':
    case 'rollout.superseded':
      return ending(event, at);
    case 'alert.stamped':
    case 'alert.cleared':
      return { alerts: stampedAlerts(state, event) };
    case 'override.used':
      return {
        overrides: [
          ...state.overrides,
          {
            by: event.by,
            reason: event.reason,
            gates: event.gates,
            hash: state.planHash,
            reviewedBy: null,
          },
        ],
        gates: null,
      };
    case 'override.reviewed':
      return {
        overrides: state.overrides.map((used) =>
          used.reviewedBy === null ? { ...used, reviewedBy: event.by } : used,
        ),
      };
    default:
      return assertNever(event);
  }
}

function planMade(
  state: RolloutState,
  plan: Plan,
  hash: string,
  at: Instant,
): Partial<RolloutState> {
  const steps: readonly StepRun[] =
    state.startedAt !== null && state.steps.length === plan.steps.length
      ? state.steps
      : plan.steps.map(() => ({
          state: 'pending' as const,
          attempt: 0,
          startedAt: null,
          finishedAt: null,
          note: '',
        }));
  return {
    plan,
    planHash: hash,
    planMadeAt: at,
    steps,
    gates: null,
    ...(state.startedAt === null ? { phase: 'waiting' as const } : {}),
  };
}

function setStep(state: RolloutState, index: number, to: Partial<StepRun>): readonly StepRun[] {
  return state.steps.map((run, at) => (at === index ? { ...run, ...to } : run));
}

function phaseOfStep(state: RolloutState, index: number): Phase {
  const kind = state.plan?.steps[index]?.kind;
  if (kind === 'promote' || kind === 'replace') return 'promoting';
  if (kind === 'retire') return 'finalising';
  return 'progressing';
}

function judged(
  state: RolloutState,
  event: Extract<RolloutEvent, { kind: 'analysis.judged' }>,
  at: Instant,
): Partial<RolloutState> {
  const earlier = state.looks.filter(
    (look, index) => look.step === event.step || state.looks[index + 1]?.step !== look.step,
  );
  const bad = event.judgement.action === 'roll_back' || event.judgement.action === 'abort_now';
  return {
    looks: [...earlier, { step: event.step, at, judgement: event.judgement }].slice(-200),
    condemned: state.condemned || bad,
  };
}

/** Back to work: the step at hand starts anew, so that its deadline and its analysis do too. */
function resumed(state: RolloutState, at: Instant): Partial<RolloutState> {
  const started = state.startedAt !== null;
  const run = state.steps[state.step];
  const again = run !== undefined && run.state !== 'pending' && run.state !== 'done';
  return {
    phase: started
      ? run === undefined
        ? 'finalising'
        : phaseOfStep(state, state.step)
      : 'waiting',
    pause: null,
    stuck: null,
    condemned: false,
    steps: again
      ? setStep(state, state.step, {
          state: 'running',
          startedAt: at,
          finishedAt: null,
          attempt: run.attempt + 1,
        })
      : state.steps,
  };
}

function abortStepped(
  state: RolloutState,
  target: string,
  what: 'capacity' | 'weight' | 'removed' | 'replaced',
): Partial<RolloutState> {
  if (state.abort === null) return {};
  return {
    abort: { ...state.abort, done: [...state.abort.done, { target, what }] },
    ...(what === 'capacity' ? {} : { weights: { ...state.weights, [target]: 0 } }),
  };
}
