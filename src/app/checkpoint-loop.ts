import type { Log } from '#ports/log.ts';
import type { Checkpoints } from './checkpoint.ts';

/**
 * Keeps the history anchored until the signal: makes checkpoints when they are due and compares
 * with the anchors every hour. The comparison at boot is the caller's, before anything is done.
 */
export async function keepCheckpoints(
  checkpoints: Checkpoints,
  options: {
    readonly log: Log;
    readonly signal: AbortSignal;
    readonly tickMs?: number;
    readonly ticksPerComparison?: number;
  },
): Promise<void> {
  const { log, signal, tickMs = 30_000, ticksPerComparison = 120 } = options;
  for (let tick = 1; !signal.aborted; tick++) {
    await pause(tickMs, signal);
    if (signal.aborted) return;
    try {
      if (tick % ticksPerComparison === 0) await checkpoints.compare();
      await checkpoints.makeIfDue();
    } catch (error) {
      log.warn('The history could not be anchored', { error });
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
