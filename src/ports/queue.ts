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
  /**
   * Asks for a wake at `at` or as soon as possible after; null is now. Asking again for a wake that
   * still waits changes nothing. Once it has run it may be asked for again, and a handler may ask
   * for its own wake: it runs once more when the handler is done.
   */
  wake(wake: Wake, at: Instant | null): Promise<void>;
  /**
   * Runs `handle` for each wake, `concurrency` at a time, until stopped. The signal is aborted when
   * the lease is lost or the consumer stops; such a wake is handed out again. What `handle`
   * throws is logged; the reconciler retries.
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
  /** Takes no more, aborts the signals and waits for what runs. */
  stop(): Promise<void>;
}
