import type { Log } from '#ports/log.ts';

export interface Repetition {
  /** Waits for the present run; there is none after. */
  stop(): Promise<void>;
}

/** Runs work every `everyMs`, never twice at once. What it throws is logged and tried again. */
export function repeat(log: Log, everyMs: number, work: () => Promise<unknown>): Repetition {
  let stopped = false;
  let wakeUp: (() => void) | null = null;

  async function loop(): Promise<void> {
    while (!stopped) {
      try {
        await work();
      } catch (error) {
        log.error('Repeated work failed; it will be tried again', { error });
      }
      if (!stopped) await pause();
    }
  }

  async function pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, everyMs);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  const running = loop();
  return {
    async stop() {
      stopped = true;
      wakeUp?.();
      await running;
    },
  };
}
