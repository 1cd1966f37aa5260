import type { World } from '#app/world.ts';
import { Fault } from '#core/fault.ts';
import { signalbox } from '#core/people.ts';
import { absorbBack, absorbOutage, absorbStatus } from '#core/rollout/absorb.ts';
import { convergence } from '#core/rollout/converged.ts';
import type { Work } from '#core/rollout/next.ts';
import { outageEvents, targetOutage } from '#core/rollout/outage.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { Stamp, TargetChange, TargetStatus } from '#core/target-state.ts';
import type { TargetRef } from '#ports/delivery-target.ts';
import type { Outcome } from './outcome.ts';
import { outageDelayMs, pollDelay } from './pace.ts';

/** Stamps of the way back carry this instead of a step's index. */
const backStep = 9999;

/** Asks a target for the state that a step wants, and sees how far it has come. */
export async function doConverge(
  world: World,
  state: RolloutState,
  work: Extract<Work, { kind: 'converge' }>,
  fence: number,
): Promise<Outcome> {
  const stamp = stampOf(state, work.step, fence);
  return reaching(world, state, work, async () => {
    const status = await inspectAs(world, state, work.target);
    const asked = stampedAlready(status, stamp);
    if (!asked && convergence(work.change, status, state.artifact).kind !== 'done') {
      await change(world, state, work.target, work.change, stamp);
      return { events: [], wakeAt: world.clock.now() + 250, rest: true };
    }
    const now = world.clock.now();
    const events = absorbStatus(state, work, status, now);
    const since = state.steps[work.step]?.startedAt ?? now;
    return { events, ...(over(events) ? { wakeAt: null } : later(since, now)) };
  });
}

/** One look at a target on the way back, and the next change there. */
export async function doBack(
  world: World,
  state: RolloutState,
  work: Extract<Work, { kind: 'back' }>,
  fence: number,
): Promise<Outcome> {
  return reaching(world, state, { ...work, step: state.step }, async () => {
    const status = await inspectAs(world, state, work.target);
    const now = world.clock.now();
    const { events, ask } = absorbBack(state, work, status, now);
    if (ask === null) return { events, wakeAt: null };
    await change(world, state, work.target, ask, stampOf(state, backStep, fence));
    return { events, ...later(state.abort?.at ?? now, now) };
  });
}

function later(since: number, now: number): { wakeAt: number; rest: true } {
  return { wakeAt: now + pollDelay(since, now), rest: true };
}

function over(events: Outcome['events']): boolean {
  return events.some(({ kind }) => kind !== 'step.noted');
}

function stampOf(state: RolloutState, step: number, fence: number): Stamp {
  return { rollout: state.id, planHash: state.planHash ?? '', step, fence };
}

function stampedAlready(status: TargetStatus, stamp: Stamp): boolean {
  return status.stamp?.rollout === stamp.rollout && status.stamp.step === stamp.step;
}

function refOf(state: RolloutState, target: string): TargetRef {
  return { target, service: state.service, environment: state.environment };
}

function identityOf(state: RolloutState, target: string): string {
  return state.plan?.targets.find((planned) => planned.target === target)?.identity ?? '';
}

/** Looks whether a target is still as it was left; anything but drift is left to the next step. */
export async function driftAt(
  world: World,
  state: RolloutState,
  target: string,
): Promise<Outcome | null> {
  try {
    await inspectAs(world, state, target);
    return null;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const isDrift = error.code === 'target.conflict' || error.code === 'target.identity_changed';
    return isDrift && !error.retryable ? drifted(state, error.message) : null;
  }
}

/** Reads the target, and refuses one that is not as the plan saw it and the last change left it. */
async function inspectAs(world: World, state: RolloutState, target: string): Promise<TargetStatus> {
  const status = await world.target(target).inspect(refOf(state, target));
  if (status.identity !== identityOf(state, target)) {
    throw new Fault('target.identity_changed', `${target} is not the one that was planned for`, {
      retryable: false,
    });
  }
  const moved = movedSince(state, target, status);
  if (moved !== null) throw new Fault('target.conflict', moved, { retryable: false });
  return status;
}

/**
 * What somebody else changed: once this rollout has written there, anything; before, only what the
 * plan did not show. On the way back the target itself decides whether it can be reached.
 */
function movedSince(state: RolloutState, target: string, status: TargetStatus): string | null {
  if (state.phase === 'aborting') return null;
  if (status.stamp?.rollout === state.id) return namedDrift(state, target, status.drift);
  const planned = state.plan?.targets.find((one) => one.target === target)?.stable ?? null;
  const runs = status.stable?.artifact ?? null;
  if (planned?.digest === runs?.digest) return null;
  return `${target} runs ${runs?.version ?? 'nothing'}, not ${planned?.version ?? 'nothing'} as planned`;
}

function namedDrift({ plan }: RolloutState, target: string, drift: string | null): string | null {
  return drift === null || (plan?.targets.length ?? 1) < 2 ? drift : `${target}: ${drift}`;
}

async function change(
  world: World,
  state: RolloutState,
  target: string,
  wanted: TargetChange,
  stamp: Stamp,
): Promise<void> {
  await world.failpoint(`before-target-${wanted.kind}`);
  await world.target(target).change(refOf(state, target), wanted, stamp, identityOf(state, target));
  await world.failpoint(`after-target-${wanted.kind}`);
}

/** Turns faults of the target into waiting, then into a pause: an outage is not a failed release. */
async function reaching(
  world: World,
  state: RolloutState,
  work: { readonly target: string; readonly step: number; readonly deadlineAt: number },
  attempt: () => Promise<Outcome>,
): Promise<Outcome> {
  try {
    const outcome = await attempt();
    const reached = outageEvents(state, null, world.clock.now());
    return reached.length === 0 ? outcome : { ...outcome, events: [...reached, ...outcome.events] };
  } catch (error) {
    if (!(error instanceof Fault) || error.code.startsWith('store.')) throw error;
    const now = world.clock.now();
    world.log.warn('A target could not be reached or changed', {
      rollout: state.id,
      target: work.target,
      code: error.code,
    });
    if (error.retryable && now < work.deadlineAt) {
      const events = outageEvents(state, targetOutage(work.target, error), now);
      return { events, wakeAt: now + (error.retryAfterMs ?? outageDelayMs), rest: true };
    }
    if (error.code === 'target.identity_changed' || error.code === 'target.conflict') {
      return drifted(state, error.message);
    }
    return { events: absorbOutage(state, work.step, error.message), wakeAt: null, rest: true };
  }
}

function drifted(state: RolloutState, detail: string): Outcome {
  if (state.phase === 'aborting') {
    return { events: [{ kind: 'rollout.stuck', because: detail }], wakeAt: null, rest: true };
  }
  return {
    events: [{ kind: 'rollout.paused', reason: 'drift', detail, by: signalbox }],
    wakeAt: null,
    rest: true,
  };
}
