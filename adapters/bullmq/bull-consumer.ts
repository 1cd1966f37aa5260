import { DelayedError, type IQueueBackend, type Job, WaitingError, Worker } from 'bullmq';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { QueueConsumer, Wake } from '#ports/queue.ts';
import type { Telemetry } from '#ports/telemetry.ts';
import type { BullBackend } from './bull-backend.ts';
import { complaints } from './complaints.ts';
import { answerWithin } from './deadline.ts';
import { type RunningWake, type RunningWakes, runningWakes } from './running-wakes.ts';
import { wakeOf } from './wake-id.ts';

export interface BullConsumerOptions<Kind extends IQueueBackend, Connection> {
  readonly name: string;
  readonly prefix: string;
  readonly backend: BullBackend<Kind, Connection>;
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly leaseMs: number;
  readonly concurrency: number;
  handle(wake: Wake, signal: AbortSignal): Promise<void>;
}

export interface BullConsumer extends QueueConsumer {
  readonly running: RunningWakes;
}

/**
 * Takes wakes and has them handled. A job is never failed towards BullMQ and never used up by
 * consumers that die: what ran, ran, and what did not is taken up again.
 * @throws Fault `queue.unavailable` when the server cannot be reached now; later outages are sat out.
 */
export async function startBullConsumer<Kind extends IQueueBackend, Connection>(
  options: BullConsumerOptions<Kind, Connection>,
): Promise<BullConsumer> {
  const { backend, log, leaseMs } = options;
  const running = runningWakes(leaseMs);
  const complain = complaints(log);
  let stopped: Promise<void> | null = null;

  const worker = new Worker(
    options.name,
    take,
    {
      connection: backend.consumer(),
      prefix: options.prefix,
      concurrency: options.concurrency,
      autorun: false,
      lockDuration: leaseMs,
      // Whole, or the look for the dead fails once and is never repeated.
      stalledInterval: Math.ceil(leaseMs / 3),
      maxStalledCount: 1_000_000,
      runRetryDelay: 1000,
    },
    backend.factory,
  );
  worker.on('error', complain);
  worker.on('locksRenewed', ({ jobIds }) => {
    for (const id of jobIds) running.get(id)?.renewed();
  });
  worker.on('lockRenewalFailed', (ids: readonly string[]) => {
    for (const id of ids) running.get(id)?.abort('The lease was lost');
  });
  worker.on('completed', (job) => running.get(job.id ?? '')?.gone());
  try {
    await answerWithin(5000, worker.waitUntilReady());
  } catch (error) {
    running.close();
    worker.close(true).catch(complain);
    throw error;
  }
  worker.run().catch(complain);

  async function take(job: Job, token?: string): Promise<void> {
    const wake = wakeOf(job.id);
    if (wake === null) return;
    const entry = running.begin(job.id ?? '');
    let outcome = 'handled';
    try {
      await options.handle(wake, entry.signal);
    } catch (error) {
      outcome = 'threw';
      log.warn('A wake was not handled', { wake, error });
    }
    options.telemetry.count('queue_wakes_total', { topic: wake.topic, outcome });
    const asked = entry.handled();
    const again = asked === undefined && entry.signal.aborted ? null : asked;
    if (again !== undefined) await putBack(job, entry, again, token);
  }

  /**
   * Keeps the job for another time instead of completing it: one write, nothing to lose between.
   * Where that fails the job still counts as active, and the lease brings it back.
   */
  async function putBack(
    job: Job,
    entry: RunningWake,
    at: number | null,
    token: string | undefined,
  ): Promise<void> {
    const delay = at === null ? 0 : at - options.clock.now();
    try {
      if (delay <= 0) await job.moveToWait(token);
      else await job.moveToDelayed(Date.now() + delay, token);
    } catch (error) {
      complain(error);
    }
    entry.gone();
    throw delay <= 0 ? new WaitingError() : new DelayedError();
  }

  async function stop(): Promise<void> {
    await worker.pause(true);
    for (const each of running.all()) each.abort('The consumer stops');
    await Promise.all(running.all().map((each) => each.whenHandled()));
    running.close();
    // Everything is done; an outage must not keep the process from ending.
    await answerWithin(3000, worker.close()).catch(complain);
  }

  return {
    running,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}
