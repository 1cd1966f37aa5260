import { Fault } from '#core/fault.ts';
import type { Log } from '#ports/log.ts';

/** One round at a place: `busy` when something was written, `waiting` for the world, or at rest. */
export type Round = 'busy' | 'waiting' | 'rest';

/** Keeps places on their way to what is recorded, as long as there is a way to go. */
export interface Tending {
  /** Begins, unless it goes on already. */
  begin(key: string): void;
  /** Begins, or looks again at once. */
  poke(key: string): void;
  /** What stopped it for good: a conflict that waiting does not mend. Null while it goes on. */
  stopped(key: string): Fault | null;
  /** Forgets what stopped it: something new was asked. */
  renew(key: string): void;
  close(): Promise<void>;
}

interface Tended {
  run: Promise<void> | null;
  again: boolean;
  wake: () => void;
  stopped: Fault | null;
}

/** Rounds in a row without a pause; a place needs some ten for its longest way. */
const atOnce = 40;
const afterFailureMs = 2000;
/** Controllers write in bursts: what changes within this time is looked at together. */
const burstMs = 100;

/**
 * Runs `round` for a place until it is at rest. `pauseMs` is the longest time between two rounds
 * that wait; a poke ends the pause.
 */
export function createTending(options: {
  readonly round: (key: string) => Promise<Round>;
  readonly pauseMs: number;
  readonly log: Log;
}): Tending {
  const { round, pauseMs, log } = options;
  const places = new Map<string, Tended>();
  let isClosed = false;

  function placeOf(key: string): Tended {
    const known = places.get(key);
    if (known !== undefined) return known;
    const fresh: Tended = { run: null, again: false, wake() {}, stopped: null };
    places.set(key, fresh);
    return fresh;
  }

  function pause(place: Tended, ms: number): Promise<void> {
    if (place.again || isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      timer.unref();
      place.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Nothing ends it early but its time; what is asked meanwhile is not forgotten. */
  async function burst(): Promise<void> {
    if (!isClosed) await new Promise((resolve) => setTimeout(resolve, burstMs));
  }

  async function oneRound(key: string, place: Tended): Promise<Round> {
    try {
      return await round(key);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      log.warn('A place could not be moved on', { place: key, code: error.code });
      if (error.retryable) {
        await pause(place, error.retryAfterMs ?? afterFailureMs);
        return 'waiting';
      }
      place.stopped = error;
      return 'rest';
    }
  }

  async function tend(key: string, place: Tended): Promise<void> {
    let busy = 0;
    while (!isClosed) {
      place.again = false;
      const was = await oneRound(key, place);
      busy = was === 'busy' ? busy + 1 : 0;
      if (was === 'rest' && !place.again) return;
      if (was === 'busy' && busy < atOnce) continue;
      await burst();
      await pause(place, pauseMs);
    }
  }

  function start(key: string, place: Tended): void {
    place.run = tend(key, place)
      .catch((error: unknown) => {
        log.error('A place is no longer looked after', { place: key, error });
      })
      .finally(() => {
        place.run = null;
      });
  }

  function begin(key: string): void {
    const place = placeOf(key);
    if (!isClosed && place.run === null && place.stopped === null) start(key, place);
  }

  return {
    begin,
    poke(key) {
      if (isClosed) return;
      const place = placeOf(key);
      place.again = true;
      place.wake();
      begin(key);
    },
    stopped: (key) => places.get(key)?.stopped ?? null,
    renew(key) {
      placeOf(key).stopped = null;
    },
    async close() {
      isClosed = true;
      for (const place of places.values()) place.wake();
      await Promise.all([...places.values()].map(({ run }) => run));
    },
  };
}
