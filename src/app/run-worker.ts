import { Fault } from '#core/fault.ts';
import type { Wake } from '#ports/queue.ts';
import { repeat } from './repeat.ts';
import { type AdvanceDependencies, advanceRollout } from './rollout/advance.ts';
import { reconcileRollouts, wakeAll } from './rollout/reconcile.ts';

export interface WorkerSettings {
  /** Rollouts worked on at the same time. */
  readonly concurrency: number;
  /** Time between two looks of the reconciler, in milliseconds. */
  readonly reconcileMs: number;
  /** Work that the reconciler does besides: unfinished inbox rows, expired locks ... */
  readonly chores: readonly (() => Promise<unknown>)[];
}

export interface RunningWorker {
  /** Takes no more work and waits for what runs. */
  stop(): Promise<void>;
}

/**
 * Runs rollouts: wakes from the queue, and a reconciler that wakes whatever the queue forgot.
 * A fault while advancing is logged and left to the reconciler; the queue never retries.
 */
export async function runWorker(
  dependencies: AdvanceDependencies,
  settings: WorkerSettings,
): Promise<RunningWorker> {
  const { world } = dependencies;
  const busy = new Map<string, Promise<void>>();

  async function handle(wake: Wake, signal: AbortSignal): Promise<void> {
    if (wake.topic !== 'rollout') return;
    const before = busy.get(wake.subject);
    const run = (before ?? Promise.resolve()).then(() => advance(wake.subject, signal));
    busy.set(wake.subject, run);
    await run;
    if (busy.get(wake.subject) === run) busy.delete(wake.subject);
  }

  async function advance(id: string, signal: AbortSignal): Promise<void> {
    try {
      await advanceRollout(dependencies, id, signal);
    } catch (error) {
      const code = error instanceof Fault ? error.code : 'bug';
      world.log.error('A rollout could not be advanced; it will be tried again', {
        rollout: id,
        code,
        error,
      });
      world.telemetry.count('advance_failures_total', { code });
    }
  }

  const consumer = await world.queue.consume(handle, settings.concurrency);
  await wakeAll(world);
  const reconciler = repeat(world.log, settings.reconcileMs, async () => {
    await reconcileRollouts(world);
    for (const chore of settings.chores) await chore();
  });

  return {
    async stop() {
      await reconciler.stop();
      await consumer.stop();
    },
  };
}
