import { Worker } from 'node:worker_threads';
import type { EngineOptions, FromEngine } from './engine-messages.ts';
import { type Outbox, outbox } from './outbox.ts';

export interface EngineThread {
  /** Settles when the database answers, or when the thread ended before it did. */
  readonly ready: Promise<void>;
  /** Settles when the thread has ended, with the cause; null when it was told to. */
  readonly ended: Promise<unknown>;
  readonly to: Outbox;
  /** Asks it to close its files and end; ends it by force after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

interface EngineThreadOptions extends EngineOptions {
  /** A backend that is busy with one unit of work for twice this long is stuck: it is ended. */
  readonly stallMs: number;
  onMessage(message: FromEngine): void;
}

/**
 * Starts the worker thread and watches it: inside, a trap in the backend can turn into an endless
 * loop, which only another thread can end.
 */
export function startEngineThread(options: EngineThreadOptions): EngineThread {
  const worker = new Worker(new URL('./engine.ts', import.meta.url), {
    workerData: {
      dataDir: options.dataDir,
      transactionMs: options.transactionMs,
      maintenanceMs: options.maintenanceMs,
    } satisfies EngineOptions,
    name: 'pglite',
  });
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<unknown>();
  let cause: unknown = new Error('The embedded database ended unexpectedly');
  let watch: NodeJS.Timeout | null = null;
  let pinged = false;
  ready.catch(() => {});

  const to = outbox((messages, owned) => {
    worker.postMessage(messages, owned);
    watch ??= setTimeout(check, options.stallMs).unref();
  });

  /** Something was sent a while ago: is the thread still looking at its messages? */
  function check(): void {
    if (pinged) {
      cause = new Error('The embedded database did not answer in time');
      worker.terminate().catch(() => {});
      return;
    }
    pinged = true;
    to.message({ kind: 'ping' });
    watch = setTimeout(check, options.stallMs).unref();
  }

  function unwatch(): void {
    if (watch !== null) clearTimeout(watch);
    watch = null;
    pinged = false;
  }

  worker.on('message', (message: FromEngine) => {
    if (message.kind === 'ready') resolve();
    else if (message.kind === 'pong') unwatch();
    else options.onMessage(message);
  });
  worker.on('error', (error) => {
    cause = error;
  });
  worker.on('exit', () => {
    unwatch();
    reject(cause);
    ended.resolve(cause);
  });

  async function stop(graceMs: number): Promise<void> {
    cause = null;
    to.message({ kind: 'stop' });
    const force = setTimeout(() => {
      worker.terminate().catch(() => {});
    }, graceMs);
    await ended.promise;
    clearTimeout(force);
  }

  return { ready, ended: ended.promise, to, stop };
}
