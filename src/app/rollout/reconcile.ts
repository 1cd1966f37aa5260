import type { World } from '#app/world.ts';
import { wake } from './advance.ts';
import { openRollouts } from './rollout-stream.ts';

/** A rollout whose wake is this late has lost it. */
const graceMs = 2000;

/**
 * Guarantees progress whatever becomes of the queue: every rollout that is due and was not taken
 * up is woken again. Runs every few seconds in every worker process; one at a time does the work.
 */
export async function reconcileRollouts(world: World): Promise<number> {
  const due = await world.store.transact(async (tx) =>
    tx.streams({ kind: 'rollout', ended: false, dueBy: tx.now - graceMs, limit: 500 }),
  );
  const now = Math.floor(world.clock.now());
  for (const record of due) {
    await wake(world, record.id.slice('rollout:'.length), null, now);
  }
  if (due.length > 0) world.telemetry.count('reconciled_total', {}, due.length);
  return due.length;
}

/** Wakes everything that is open: at the start of a worker. */
export async function wakeAll(world: World): Promise<void> {
  const open = await world.store.transact((tx) => openRollouts(tx));
  const now = Math.floor(world.clock.now());
  for (const rollout of open) await wake(world, rollout.id, null, now);
}
