import { Fault } from '#core/fault.ts';
import type { Instant } from '#core/ids.ts';
import type { Queue, QueueConsumer, Wake } from '#ports/queue.ts';
import type { AlarmClock } from './driven-clock.ts';

type Handle = (wake: Wake, signal: AbortSignal) => Promise<void>;

interface Consumer {
  readonly handle: Handle;
  readonly concurrency: number;
  readonly running: Map<string, Running>;
  stopped: boolean;
}

interface Running {
  readonly abort: AbortController;
  readonly done: Promise<void>;
  /** When its handler asked for it again; undefined when it did not. */
  again: Instant | undefined;
}

export interface MemoryQueue extends Queue {
  /** Loses every wake, as a flushed Redis does. */
  flush(): void;
  /** All consumers vanish without a word; what they ran is taken up again after the lease. */
  crash(): void;
}

/** The queue in memory, with the promises of the real ones and with their faults. */
export function createMemoryQueue(options: {
  readonly clock: AlarmClock;
  /** How long a wake that vanished with its consumer stays away; 30 s unless told. */
  readonly leaseMs?: number;
}): MemoryQueue {
  const { clock, leaseMs = 30_000 } = options;
  const waiting = new Map<string, { readonly wake: Wake; readonly at: Instant }>();
  let consumers: Consumer[] = [];
  let callOff = () => {};
  let open = true;

  function refuseWhenClosed(): void {
    if (open) return;
    throw new Fault('queue.unavailable', 'The queue is closed', { retryable: false });
  }

  async function wake(asked: Wake, at: Instant | null): Promise<void> {
    refuseWhenClosed();
    const key = keyOf(asked);
    const due = at ?? clock.now();
    const running = consumers.map((consumer) => consumer.running.get(key)).find(Boolean);
    if (running !== undefined) running.again ??= due;
    else if (!waiting.has(key)) waiting.set(key, { wake: asked, at: due });
    schedule();
  }

  /** Looks again when the first of the waiting is due. */
  function schedule(): void {
    callOff();
    const first = Math.min(...[...waiting.values()].map(({ at }) => at));
    if (first < Number.POSITIVE_INFINITY && open) callOff = clock.alarm(first, pump);
  }

  function pump(): void {
    const due = [...waiting.values()]
      .filter(({ at }) => at <= clock.now())
      .sort((a, b) => a.at - b.at);
    for (const { wake: next } of due) {
      const free = consumers.find((each) => !each.stopped && each.running.size < each.concurrency);
      if (free === undefined) return;
      waiting.delete(keyOf(next));
      start(free, next);
    }
    schedule();
  }

  function start(consumer: Consumer, next: Wake): void {
    const key = keyOf(next);
    const abort = new AbortController();
    const done = Promise.withResolvers<void>();
    const running: Running = { abort, done: done.promise, again: undefined };
    consumer.running.set(key, running);
    const finish = (): void => {
      done.resolve();
      if (!consumer.running.delete(key)) return;
      const again = abort.signal.aborted ? clock.now() : running.again;
      if (again !== undefined) waiting.set(key, { wake: next, at: again });
      pump();
    };
    consumer.handle(next, abort.signal).then(finish, finish);
  }

  async function consume(handle: Handle, concurrency: number): Promise<QueueConsumer> {
    refuseWhenClosed();
    const consumer: Consumer = { handle, concurrency, running: new Map(), stopped: false };
    consumers.push(consumer);
    schedule();
    return { stop: () => stop(consumer) };
  }

  async function stop(consumer: Consumer): Promise<void> {
    consumer.stopped = true;
    const running = [...consumer.running.values()];
    for (const { abort } of running) abort.abort();
    await Promise.all(running.map(({ done }) => done));
    consumers = consumers.filter((each) => each !== consumer);
  }

  function crash(): void {
    for (const { running } of consumers) {
      for (const key of running.keys()) {
        waiting.set(key, { wake: wakeOf(key), at: clock.now() + leaseMs });
      }
      running.clear();
    }
    consumers = [];
    schedule();
  }

  async function close(): Promise<void> {
    open = false;
    callOff();
    await Promise.all(consumers.map(stop));
  }

  return {
    wake,
    consume,
    healthy: async () => open,
    close,
    flush: () => waiting.clear(),
    crash,
  };
}

function keyOf({ topic, subject, attempt }: Wake): string {
  return JSON.stringify({ topic, subject, attempt });
}

function wakeOf(key: string): Wake {
  return JSON.parse(key);
}
