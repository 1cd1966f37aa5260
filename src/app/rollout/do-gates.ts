import type { Authority } from '#app/authority.ts';
import type { World } from '#app/world.ts';
import { signalbox } from '#core/people.ts';
import { absorbGates } from '#core/rollout/absorb.ts';
import { askGates } from '#core/rollout/ask-gates.ts';
import type { GateOutcome, RolloutEvent } from '#core/rollout/events.ts';
import type { Work } from '#core/rollout/next.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { collectFacts } from './collect-facts.ts';
import type { Outcome } from './outcome.ts';
import { approvalDelayMs, gateDelayMs } from './pace.ts';
import { readBudgets } from './read-budgets.ts';
import { openRollouts } from './rollout-stream.ts';
import { verifyApprovals } from './verify-approvals.ts';

/** Asks the gates of a step with fresh facts, and begins the step when all are open. */
export async function doGates(
  world: World,
  authority: Authority,
  state: RolloutState,
  work: Extract<Work, { kind: 'gates' }>,
): Promise<Outcome> {
  const now = world.clock.now();
  const approvals = await verifyApprovals(authority, state, now);
  const budgets = work.verb === 'start' ? await readBudgets(world, state) : {};
  const { facts, others } = await world.store.transact(async (tx) => ({
    facts: await collectFacts(world, tx, state),
    others: await openRollouts(tx, state.service, state.environment),
  }));
  if (facts.policy.digest !== state.plan?.policyDigest) return policyChanged(state);

  const outcomes = askGates(state, work.verb, { ...facts, approvals, budgets }, now);
  const overridden = await breakGlassAtRequest(authority, state, outcomes);
  if (overridden !== null) return { events: [overridden], wakeAt: null };

  const events = absorbGates(state, work, outcomes);
  const starts = events.some(({ kind }) => kind === 'rollout.started');
  const ahead = starts ? others.find((other) => isAhead(state, other)) : undefined;
  if (ahead !== undefined) return queued(state, ahead, others, now);
  const opened = events.some(({ kind }) => kind === 'step.started' || kind === 'rollout.resumed');
  return { events, wakeAt: opened ? null : nextAsk(outcomes, now), rest: !opened };
}

/** Not started: plan anew. Under way: pause, because people approved something else. */
function policyChanged(state: RolloutState): Outcome {
  const because = 'the settings that bind this place changed';
  const voided: RolloutEvent = { kind: 'plan.voided', hash: state.planHash ?? '', because };
  if (state.startedAt === null) return { events: [voided], wakeAt: null };
  return {
    events: [
      voided,
      { kind: 'rollout.paused', reason: 'policy_changed', detail: because, by: signalbox },
    ],
    wakeAt: null,
    rest: true,
  };
}

/**
 * A release requested with break-glass passes what stands in the way at its first step, once, if
 * the requester may still break the glass: it may have waited in the queue since it was asked for.
 */
async function breakGlassAtRequest(
  authority: Authority,
  state: RolloutState,
  outcomes: readonly GateOutcome[],
): Promise<RolloutEvent | null> {
  if (!state.breakGlass || state.overrides.length > 0) return null;
  const closed = outcomes.filter(({ verdict }) => verdict === 'hold' || verdict === 'block');
  if (closed.length === 0) return null;
  const { service, environment, requester } = state;
  const scope = { service, environment };
  const may = await authority.authorise(requester, 'break-glass', scope, true);
  if (!may.ok) return null;
  return {
    kind: 'override.used',
    by: state.requester,
    reason: state.reason,
    gates: closed.map(({ gate }) => gate),
    evidence: [...may.value.evidence],
  };
}

/** The one at work, or one that asked earlier and only waits for the place. */
function isAhead(state: RolloutState, other: RolloutState): boolean {
  if (other.id === state.id) return false;
  if (other.startedAt !== null) return true;
  return other.queue !== null && other.requestedAt < state.requestedAt && state.intent === 'deploy';
}

function queued(
  state: RolloutState,
  ahead: RolloutState,
  others: readonly RolloutState[],
  now: number,
): Outcome {
  const waiting = others.filter(
    (other) =>
      other.id !== state.id && other.requestedAt < state.requestedAt && other.startedAt === null,
  );
  const position = waiting.length + 1;
  const same = state.queue?.behind === ahead.id && state.queue.position === position;
  return {
    events: same ? [] : [{ kind: 'rollout.queued', behind: ahead.id, position }],
    wakeAt: now + gateDelayMs,
    rest: true,
  };
}

/** Approvals wake the rollout by themselves; everything else is looked at more often. */
function nextAsk(outcomes: readonly GateOutcome[], now: number): number {
  const closed = outcomes.filter(({ verdict }) => verdict === 'hold' || verdict === 'block');
  const known = closed.flatMap(({ until }) => (until !== null && until > now ? [until + 50] : []));
  const patient = closed.every(({ gate }) => gate === 'approval');
  return Math.min(now + (patient ? approvalDelayMs : gateDelayMs), ...known);
}
