import type { Instant } from '#core/ids.ts';

/** Wakes a worker for one subject. Carries ids only: never authority, never payload. */
export interface Wake {
  readonly topic: 'rollout' | 'inbox' | 'deliver' | 'timer';
  /** Id of the rollout, the inbox row ... */
  readonly subject: string;
  /** Distinguishes this wake from earlier ones of the subject: the stream's version. */
  readonly attempt: string;
}

/**
 * The alarm clock. At least once; may lose everything; may fail a job. The reconciler makes up for
 * all of it, so a queue that fails is never a release that fails.
 * @throws Fault `queue.unavailable`
 */
export interface Queue {
  /** Asks for a wake at `at` or as soon as possible after. Asking twice for the same wake is one wake. */
  wake(wake: Wake, at: Instant | null): Promise<void>;
  /**
   * Runs `handle` for each wake, `concurrency` at a time, until stopped. The signal is aborted when
   * the lease is lost or the process stops. What `handle` throws is retried by the reconciler, not here.
   */
  consume(
    handle: (wake: Wake, signal: AbortSignal) => Promise<void>,
    concurrency: number,
  ): Promise<QueueConsumer>;
  /** True when the queue answers. */
  healthy(): Promise<boolean>;
  close(): Promise<void>;
}

export interface QueueConsumer {
  /** Takes no more, waits for what runs. */
  stop(): Promise<void>;
}
