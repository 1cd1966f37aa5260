import type { Log } from '#ports/log.ts';
import { type Bell, createBell } from './bell.ts';
import type { Checkpoints } from './checkpoint.ts';

/**
 * Keeps the history anchored until the signal, and once more then: makes checkpoints when they are
 * due, at once when the bell rings (but at most once in `restMs`), and compares with the anchors
 * every hour. The comparison at boot is the caller's, before anything is done.
 */
export async function keepCheckpoints(
  checkpoints: Checkpoints,
  options: {
    readonly log: Log;
    readonly signal: AbortSignal;
    readonly bell: Bell;
    readonly tickMs?: number;
    readonly restMs?: number;
    readonly ticksPerComparison?: number;
  },
): Promise<void> {
  const { log, signal, bell, tickMs = 30_000, restMs = 1000, ticksPerComparison = 120 } = options;
  for (let tick = 1; !signal.aborted; tick++) {
    if (tick > 1) await createBell().wait(restMs, signal);
    const rung = await bell.wait(tickMs, signal);
    try {
      if (tick % ticksPerComparison === 0) await checkpoints.compare();
      await (rung || signal.aborted ? checkpoints.make() : checkpoints.makeIfDue());
    } catch (error) {
      log.warn('The history could not be anchored', { error });
    }
  }
}
