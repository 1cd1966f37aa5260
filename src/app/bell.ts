/** Wakes a loop that waits: at once when it is rung, otherwise after a while. */
export interface Bell {
  /** A ring while nobody waits is heard by the next who does. */
  ring(): void;
  /** Resolves at the next ring with true, and with false after `ms` or when the signal is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<boolean>;
}

/** A bell that has not been rung. */
export function createBell(): Bell {
  let rung = false;
  let wake: (() => void) | null = null;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async wait(ms, signal) {
      if (!rung && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          const stop = (): void => resolve();
          signal.addEventListener('abort', stop, { once: true });
          wake = () => {
            clearTimeout(timer);
            signal.removeEventListener('abort', stop);
            resolve();
          };
        });
        wake?.();
        wake = null;
      }
      const heard = rung;
      rung = false;
      return heard;
    },
  };
}
