import { Queue as BullQueue, type IQueueBackend } from 'bullmq';
import { Fault } from '#core/fault.ts';
import type { Instant } from '#core/ids.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { Queue, QueueConsumer, Wake } from '#ports/queue.ts';
import type { Telemetry } from '#ports/telemetry.ts';
import type { BullBackend } from './bull-backend.ts';
import { type BullConsumer, startBullConsumer } from './bull-consumer.ts';
import { complaints } from './complaints.ts';
import { answerWithin } from './deadline.ts';
import { wakeId } from './wake-id.ts';

export interface BullQueueOptions<Kind extends IQueueBackend, Connection> {
  readonly backend: BullBackend<Kind, Connection>;
  /** The database's time: `at` is meant by it. */
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Telemetry;
  /** How long a consumer may be silent before its wake is given to another; 15 s unless told. */
  readonly leaseMs?: number;
  /** Installations that share a server have names of their own. Without colons. */
  readonly name?: string;
}

/** How long anybody waits for an answer before it is a Fault: a person may be waiting behind. */
const answerMs = 1900;
/** Braces keep all keys of a queue in one slot of a Redis Cluster. */
const prefix = '{signalbox}';

/** The queue on BullMQ, whatever holds the jobs. */
export function createBullQueue<Kind extends IQueueBackend, Connection>(
  options: BullQueueOptions<Kind, Connection>,
): Queue {
  const { backend, clock, log, telemetry, leaseMs = 15_000, name = 'wakes' } = options;
  const consumers = new Set<BullConsumer>();
  const complain = complaints(log);
  let closed = false;
  const jobs = new BullQueue(
    name,
    {
      connection: backend.producer,
      prefix,
      // Nothing is kept: an id that is kept as completed or failed could never be added again.
      defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
      streams: { events: { maxLen: 100 } },
    },
    backend.factory,
  );
  jobs.on('error', complain);

  async function wake(asked: Wake, at: Instant | null): Promise<void> {
    refuseWhenClosed();
    const id = wakeId(asked);
    const running = [...consumers].map((each) => each.running.get(id)).find(Boolean);
    if (running?.asking() === true) running.askAgain(at);
    else await answerWithin(answerMs, add(asked.topic, id, at, running?.whenGone()));
  }

  async function add(
    topic: string,
    id: string,
    at: Instant | null,
    free: Promise<void> | undefined,
  ): Promise<void> {
    await free;
    const delay = at === null ? 0 : Math.max(0, at - clock.now());
    await jobs.add(topic, {}, { jobId: id, delay });
    telemetry.count('queue_wakes_total', { topic, outcome: 'asked' });
  }

  async function consume(
    handle: (wake: Wake, signal: AbortSignal) => Promise<void>,
    concurrency: number,
  ): Promise<QueueConsumer> {
    refuseWhenClosed();
    const consumer = await startBullConsumer({
      ...{ name, prefix, backend, clock, log, telemetry, leaseMs },
      concurrency,
      handle,
    });
    consumers.add(consumer);
    return {
      stop: async () => {
        await consumer.stop();
        consumers.delete(consumer);
      },
    };
  }

  function refuseWhenClosed(): void {
    if (closed) throw new Fault('queue.unavailable', 'The queue is closed', { retryable: false });
  }

  async function healthy(): Promise<boolean> {
    if (closed) return false;
    return answerWithin(answerMs, backend.ping()).then(
      () => true,
      () => false,
    );
  }

  async function close(): Promise<void> {
    if (closed) return;
    closed = true;
    await Promise.all([...consumers].map((consumer) => consumer.stop()));
    await answerWithin(3000, jobs.close()).catch(complain);
    await backend.close();
  }

  return { wake, consume, healthy, close };
}
