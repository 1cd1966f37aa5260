import type { Instant } from '#core/ids.ts';

/** A wake that is being handled in this process. */
export interface RunningWake {
  readonly signal: AbortSignal;
  abort(reason: string): void;
  /** The lease was renewed just now. */
  renewed(): void;
  /** True until `handled`. */
  asking(): boolean;
  /** Remembers that its handler wants it again; the first time said stands. */
  askAgain(at: Instant | null): void;
  /** Closes it to further asking; returns the time asked for, undefined when none was. */
  handled(): Instant | null | undefined;
  whenHandled(): Promise<void>;
  /** The job is out of the way: the same wake can be added again. */
  gone(): void;
  whenGone(): Promise<void>;
}

export interface RunningWakes {
  begin(id: string): RunningWake;
  get(id: string): RunningWake | undefined;
  all(): readonly RunningWake[];
  close(): void;
}

/**
 * The wakes being handled. A lease counts as lost when it was not renewed in four fifths of its
 * time, whatever the reason, because nobody else will say so when the server is out of reach or the
 * process was stopped for a while.
 */
export function runningWakes(leaseMs: number): RunningWakes {
  const running = new Map<string, RunningWake & { readonly overdue: (now: number) => boolean }>();
  const watch = setInterval(sweep, leaseMs / 10);

  function sweep(): void {
    const now = performance.now();
    for (const entry of running.values()) {
      if (!entry.overdue(now)) continue;
      entry.abort('The lease was not renewed in time');
      if (!entry.asking()) entry.gone();
    }
  }

  function begin(id: string): RunningWake {
    const controller = new AbortController();
    const handled = event();
    const gone = event();
    let again: Instant | null | undefined;
    let renewedAt = performance.now();
    const entry = {
      signal: controller.signal,
      abort: (reason: string) => controller.abort(new Error(reason)),
      renewed: () => {
        renewedAt = performance.now();
      },
      overdue: (now: number) => now - renewedAt > leaseMs * 0.75,
      asking: () => !handled.happened(),
      askAgain: (at: Instant | null) => {
        if (again === undefined) again = at;
      },
      handled: () => {
        handled.happen();
        return again;
      },
      whenHandled: handled.wait,
      gone: () => {
        if (running.get(id) === entry) running.delete(id);
        gone.happen();
      },
      whenGone: gone.wait,
    };
    running.set(id, entry);
    return entry;
  }

  return {
    begin,
    get: (id) => running.get(id),
    all: () => [...running.values()],
    close: () => clearInterval(watch),
  };
}

/** Something that happens once; promises are made only for those who wait. */
function event(): { happen(): void; happened(): boolean; wait(): Promise<void> } {
  let over = false;
  let waiting: (() => void)[] = [];
  return {
    happen: () => {
      over = true;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    happened: () => over,
    wait: () =>
      over
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiting.push(resolve);
          }),
  };
}
