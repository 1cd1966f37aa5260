import { setImmediate as turn } from 'node:timers/promises';
import type { Instant } from '#core/ids.ts';
import type { Clock } from '#ports/clock.ts';

/** A clock that can call back. */
export interface AlarmClock extends Clock {
  /** Runs `ring` at `at`, or soon when that has passed. Returns the way to call it off. */
  alarm(at: Instant, ring: () => void): () => void;
}

/** A clock that stands still until it is driven: for tests that do not wait. */
export interface DrivenClock extends AlarmClock {
  /** Moves on by so many milliseconds, stopping at each alarm on the way until all is quiet again. */
  advance(ms: number): Promise<void>;
}

/** Stands at `start` until it is driven. */
export function createDrivenClock(start: Instant): DrivenClock {
  const alarms = new Set<{ readonly at: Instant; readonly ring: () => void }>();
  let now = start;

  function alarm(at: Instant, ring: () => void): () => void {
    const entry = { at, ring };
    alarms.add(entry);
    return () => alarms.delete(entry);
  }

  async function advance(ms: number): Promise<void> {
    const end = now + ms;
    await quiet();
    for (;;) {
      const [next] = [...alarms].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      alarms.delete(next);
      now = Math.max(now, next.at);
      next.ring();
      await quiet();
    }
    now = end;
  }

  return { now: () => now, alarm, advance };
}

/** Lets everything that waits for nothing but its turn have it. */
async function quiet(): Promise<void> {
  for (let round = 0; round < 5; round += 1) await turn();
}
