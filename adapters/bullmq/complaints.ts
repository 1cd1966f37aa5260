import type { Log } from '#ports/log.ts';

/**
 * Takes the errors of a client library, of which there are many a second in an outage, and logs one
 * in ten seconds with the number of those left out.
 */
export function complaints(log: Log, intervalMs = 10_000): (error: unknown) => void {
  let quietUntil = 0;
  let leftOut = 0;
  return (error) => {
    const now = performance.now();
    if (now < quietUntil) {
      leftOut += 1;
      return;
    }
    quietUntil = now + intervalMs;
    log.warn('The queue complains', { error, leftOut });
    leftOut = 0;
  };
}
