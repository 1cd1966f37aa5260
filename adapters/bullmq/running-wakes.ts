import type { Instant } from '#core/ids.ts';

/** A wake that is being handled in this process. */
export interface RunningWake {
  readonly signal: AbortSignal;
  abort(reason: string): void;
  /** The lease was renewed just now. */
  renewed(): void;
  /** Remembers that its handler wants it again; the first time said stands. */
  askAgain(at: Instant | null): void;
  /** Closes it to further asking; returns the time asked for, undefined when none was. */
  handled(): Instant | null | undefined;
  /** True until `handled`. */
  readonly asking: boolean;
  readonly whenHandled: Promise<void>;
  /** The job is out of the way: the same wake can be added again. */
  gone(): void;
  readonly whenGone: Promise<void>;
}

export interface RunningWakes {
  begin(id: string): RunningWake;
  get(id: string): RunningWake | undefined;
  all(): readonly RunningWake[];
}

/**
 * The wakes being handled. Each has a timer of its own: the lease counts as lost when it was not
 * renewed in four fifths of its time, whatever the reason, because nobody else will say so when the
 * server is out of reach or the process was stopped for a while.
 */
export function runningWakes(leaseMs: number): RunningWakes {
  const running = new Map<string, RunningWake>();

  function begin(id: string): RunningWake {
    const controller = new AbortController();
    const handled = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    let again: Instant | null | undefined;
    let asking = true;
    const lease = setTimeout(() => {
      controller.abort(new Error('The lease was not renewed in time'));
      if (!asking) entry.gone();
    }, leaseMs * 0.8);
    const entry: RunningWake = {
      signal: controller.signal,
      abort: (reason) => controller.abort(new Error(reason)),
      renewed: () => lease.refresh(),
      askAgain: (at) => {
        if (again === undefined) again = at;
      },
      handled: () => {
        asking = false;
        handled.resolve();
        return again;
      },
      get asking() {
        return asking;
      },
      gone: () => {
        clearTimeout(lease);
        if (running.get(id) === entry) running.delete(id);
        gone.resolve();
      },
      whenHandled: handled.promise,
      whenGone: gone.promise,
    };
    running.set(id, entry);
    return entry;
  }

  return { begin, get: (id) => running.get(id), all: () => [...running.values()] };
}
