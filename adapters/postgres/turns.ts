import type { Instant } from '#core/ids.ts';

/** A transaction's place among those of this process. */
export interface Turn {
  /** Waits a moment for older transactions, so that they append first. */
  ready(): Promise<void>;
  done(): void;
}

/** Longest wait for an older transaction; it may be waiting for this one. */
const patienceMs = 5;

/**
 * Lets the transactions of this process append in the order of their times. The ledger refuses a
 * transaction that is older than the newest event, which then has to run again; with several
 * writers that would be every fifth. Only courtesy: nothing depends on it.
 */
export function createTurns(): { open(now: Instant): Turn } {
  const turns = new Set<{ readonly now: Instant; readonly ended: Promise<void> }>();
  return {
    open(now) {
      const { promise: ended, resolve } = Promise.withResolvers<void>();
      const turn = { now, ended };
      turns.add(turn);
      return {
        async ready() {
          const older = [...turns].filter((other) => other.now < now);
          if (older.length === 0) return;
          await atMost(patienceMs, Promise.all(older.map((other) => other.ended)));
        },
        done() {
          turns.delete(turn);
          resolve();
        },
      };
    },
  };
}

async function atMost(ms: number, wanted: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([wanted, promise]);
  clearTimeout(timer);
}
