import { openWindow } from '#app/alerts/open-window.ts';
import type { Authority } from '#app/authority.ts';
import { changePlace } from '#app/change-place.ts';
import type { World } from '#app/world.ts';
import { assertNever, Fault } from '#core/fault.ts';
import type { RolloutId } from '#core/ids.ts';
import { signalbox } from '#core/people.ts';
import type { RolloutEvent } from '#core/rollout/events.ts';
import { next, type Work } from '#core/rollout/next.ts';
import { ended, type RolloutState } from '#core/rollout/state.ts';
import type { Transaction } from '#ports/store.ts';
import { countRollout } from './count-rollout.ts';
import { doBack, doConverge } from './do-converge.ts';
import { doGates } from './do-gates.ts';
import { doLook } from './do-look.ts';
import { doPlan } from './do-plan.ts';
import { afterAbort, doSettle } from './do-settle.ts';
import { doWait } from './do-wait.ts';
import type { Outcome } from './outcome.ts';
import { loadRollout, openRollouts, writeRollout } from './rollout-stream.ts';
import { readRollout } from './trust-boundary.ts';

/** Tells chat, within the transaction, what changed of a rollout. */
export type Project = (
  tx: Transaction,
  state: RolloutState,
  change: { readonly events: readonly RolloutEvent[]; readonly version: number },
) => Promise<void>;

export interface AdvanceDependencies {
  readonly world: World;
  readonly authority: Authority;
  readonly project: Project;
  /** Names this process in claims. */
  readonly owner: string;
}

/** Works of one wake are bounded, so that a bug cannot spin: the rest waits for the next wake. */
const maxWorks = 60;

/**
 * Takes a rollout as far as it goes now, step by step, each step recorded before the next begins.
 * Another claim, a stop or a halt ends it; a change by a person in between is picked up.
 * @throws Fault when the store is out of reach
 */
export async function advanceRollout(
  dependencies: AdvanceDependencies,
  id: RolloutId,
  signal: AbortSignal,
): Promise<void> {
  const { world, owner } = dependencies;
  if (world.halted() !== null) return;
  const claimed = await world.store.transact((tx) => tx.claim(`rollout:${id}`, owner));
  if (claimed === null || claimed.row.ended) return;
  const { fence, version } = claimed;
  let held: Held | null = { state: readRollout(claimed.row.state), version };
  for (let works = 0; works < maxWorks && !signal.aborted; works += 1) {
    held ??= await read(world, id, fence);
    if (held === null) return;
    const work = next(held.state, world.clock.now());
    const since = world.clock.now();
    const outcome = await perform(dependencies, held.state, work, fence);
    world.telemetry.observe('step_seconds', (world.clock.now() - since) / 1000, {
      kind: work.kind,
    });
    await world.failpoint(`before-record-${work.kind}`);
    const recorded = await record(dependencies, held, work, outcome, fence);
    await world.failpoint(`after-record-${work.kind}`);
    if (recorded?.rests === true) return;
    held = recorded;
  }
}

/** A rollout as it was read or written last. Whoever changed it since is found out when writing. */
interface Held {
  readonly state: RolloutState;
  readonly version: number;
}

/** Null when it is somebody else's by now. */
async function read(world: World, id: RolloutId, fence: number): Promise<Held | null> {
  const stored = await world.store.transact((tx) => loadRollout(tx, id, false));
  if (stored === null || stored.record.fence !== fence) return null;
  return { state: stored.state, version: stored.record.version };
}

async function perform(
  { world, authority }: AdvanceDependencies,
  state: RolloutState,
  work: Work,
  fence: number,
): Promise<Outcome> {
  switch (work.kind) {
    case 'wait':
      return doWait(world, state, work);
    case 'record':
      return { events: work.events, wakeAt: null };
    case 'plan':
      return doPlan(world, state);
    case 'gates':
      return doGates(world, authority, state, work);
    case 'converge':
      return doConverge(world, state, work, fence);
    case 'look':
      return doLook(world, state, work);
    case 'back':
      return doBack(world, state, work, fence);
    case 'settle':
      return doSettle(state);
    default:
      return assertNever(work);
  }
}

/** Writes an outcome; null when somebody changed the rollout meanwhile: then it has to be read. */
async function record(
  dependencies: AdvanceDependencies,
  held: Held,
  work: Work,
  outcome: Outcome,
  fence: number,
): Promise<(Held & { readonly rests: boolean }) | null> {
  const { world } = dependencies;
  const written = await tryConflict(world, () =>
    world.store.transact((tx) => recordIn(tx, dependencies, held, outcome, fence)),
  );
  if (written === null) return null;
  const version = held.version + outcome.events.length;
  const now = { state: written, version };
  world.telemetry.count('rollout_works_total', { work: work.kind });
  countRollout(world.telemetry, written, outcome.events);
  if (outcome.events.length > 0) {
    world.pokeDelivery();
    const { environments } = world.settings().settings;
    if (environments[written.environment]?.production === true) world.pokeAnchoring();
  }
  if (ended(written.phase)) {
    await wakeOthers(world, written);
    return { ...now, rests: true };
  }
  if (outcome.rest !== true) return { ...now, rests: false };
  // Without a time only an event from outside moves it, and that brings a wake of its own.
  if (outcome.wakeAt !== null) await wake(world, written.id, outcome.wakeAt, version);
  return { ...now, rests: true };
}

/** Null when somebody else wrote meanwhile: nothing is recorded then. */
async function recordIn(
  tx: Transaction,
  { world, project }: AdvanceDependencies,
  held: Held,
  outcome: Outcome,
  fence: number,
): Promise<RolloutState | null> {
  const before = await loadRollout(tx, held.state.id, true);
  if (before === null || before.record.fence !== fence) return null;
  if (before.record.version !== held.version) return null;
  const { events, samples } = outcome;
  if (events.length === 0 && before.record.row.wakeAt === outcome.wakeAt) return before.state;
  if (samples !== undefined) await tx.storeSamples(samples.id, held.state.id, samples.json);
  const state = await writeRollout(tx, {
    id: held.state.id,
    before,
    events,
    actor: signalbox,
    fence,
    wakeAt: outcome.rest === true ? outcome.wakeAt : tx.now,
  });
  await changePlaces(tx, state, outcome);
  await openWindow(tx, world, state, events);
  if (events.length > 0) {
    await project(tx, state, { events, version: before.record.version + events.length });
  }
  return state;
}

/** A lost race is no failure: the loop reads again and sees why. */
async function tryConflict<T>(world: World, write: () => Promise<T>): Promise<T | null> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (error.code !== 'store.conflict' && error.code !== 'store.fenced') throw error;
    world.log.info('A write lost a race', { code: error.code });
    return null;
  }
}

async function changePlaces(tx: Transaction, state: RolloutState, outcome: Outcome): Promise<void> {
  const back = outcome.events.some(({ kind }) => kind === 'rollout.rolled_back');
  const decisions = [...(outcome.place ?? []), ...(back ? afterAbort(state) : [])];
  for (const decision of decisions) {
    await changePlace(tx, state.service, state.environment, decision, signalbox);
  }
}

/** Asks to be woken; without a queue the reconciler finds the rollout by its `wakeAt`. */
export async function wake(
  world: World,
  id: RolloutId,
  at: number | null,
  version: number,
): Promise<void> {
  try {
    const attempt = `${version}-${Math.round(at ?? 0)}`;
    await world.queue.wake({ topic: 'rollout', subject: id, attempt }, at);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    world.log.warn('The queue could not be reached; the reconciler will wake it', { rollout: id });
  }
}

/** Those that waited for the place may go on. */
async function wakeOthers(world: World, state: RolloutState): Promise<void> {
  const open = await world.store.transact((tx) =>
    openRollouts(tx, state.service, state.environment),
  );
  for (const other of open) await wake(world, other.id, null, Math.floor(world.clock.now()));
}
