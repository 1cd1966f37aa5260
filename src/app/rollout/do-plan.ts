import type { World } from '#app/world.ts';
import { Fault } from '#core/fault.ts';
import { signalbox } from '#core/people.ts';
import { outageEvents, targetOutage } from '#core/rollout/outage.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { draftPlan, type HashedPlan, hashPlan } from './draft-plan.ts';
import { noteChanges } from './note-changes.ts';
import type { Outcome } from './outcome.ts';
import { outageDelayMs } from './pace.ts';

/** Makes the plan of a rollout that has none, or whose plan was voided. */
export async function doPlan(world: World, state: RolloutState): Promise<Outcome> {
  try {
    const drafted = await draftPlan(world, {
      rollout: state.id,
      intent: state.intent,
      service: state.service,
      environment: state.environment,
      artifact: state.artifact,
      requester: state.requester,
      reason: state.reason,
      breakGlass: state.breakGlass,
    });
    if (!drafted.ok) {
      const { message } = drafted.refusal;
      return {
        events: [{ kind: 'rollout.cancelled', by: signalbox, reason: message }],
        wakeAt: null,
      };
    }
    const planned = { kind: 'plan.made' as const, ...kept(state, drafted.value, world) };
    const noted = await noteChanges(world, state, planned.plan);
    const reached = outageEvents(state, null, world.clock.now());
    const made = noted === null ? [planned] : [planned, noted];
    return { events: [...reached, ...made], wakeAt: null };
  } catch (error) {
    if (!(error instanceof Fault) || error.code.startsWith('store.')) throw error;
    return unplanned(world, state, error);
  }
}

/** It is tried again, visibly, for as long as a plan of the place would have been good for. */
function unplanned(world: World, state: RolloutState, fault: Fault): Outcome {
  world.log.warn('A plan could not be made yet', { rollout: state.id, code: fault.code });
  const place = world.settings().lookup.place(state.service, state.environment);
  const now = world.clock.now();
  const outage = targetOutage(fault.scope ?? place?.waves[0]?.[0] ?? '', fault);
  const limit = state.requestedAt + (place?.environmentSettings.planExpires ?? 0) * 1000;
  if (state.startedAt === null && now >= limit) {
    const because = `no plan could be made in time: ${outage.name}: ${outage.detail}`;
    return { events: [{ kind: 'rollout.expired', because }], wakeAt: null };
  }
  const events = outageEvents(state, outage, now);
  return { events, wakeAt: now + (fault.retryAfterMs ?? outageDelayMs), rest: true };
}

/**
 * A rollout under way keeps its steps, targets and way back: only what binds it anew (the policy,
 * the gates, the time) is taken from the fresh plan, and with it the hash changes.
 */
function kept(state: RolloutState, fresh: HashedPlan, world: World): HashedPlan {
  if (state.startedAt === null || state.plan === null)
    return { plan: fresh.plan, hash: fresh.hash };
  const plan = {
    ...fresh.plan,
    targets: state.plan.targets,
    previous: state.plan.previous,
    steps: state.plan.steps,
    strategy: state.plan.strategy,
    pointsOfNoReturn: state.plan.pointsOfNoReturn,
    rollbackPlan: state.plan.rollbackPlan,
  };
  return hashPlan(world, plan);
}
