import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Fault } from '#core/fault.ts';
import type { Segment } from '#core/ledger/segment.ts';
import type { SegmentSource } from '#ports/segment-source.ts';
import type { FromSegmentWorker, SegmentRequest } from './segment-messages.ts';
import { fromSegmentWorker } from './trust-boundary.ts';

/** More than this only makes the database wait for its disk. */
const mostThreads = 8;

/** Checks segments of a Postgres database in threads of their own, each with its own connection. */
export function openSegmentSource(
  url: string,
  threads = Math.min(mostThreads, availableParallelism()),
): SegmentSource {
  const idle: Thread[] = [];
  const started: Thread[] = [];
  const waiting: ((thread: Thread) => void)[] = [];

  function borrow(): Promise<Thread> {
    const free = idle.pop();
    if (free !== undefined) return Promise.resolve(free);
    if (started.length < threads) {
      const thread = startThread(url);
      started.push(thread);
      return Promise.resolve(thread);
    }
    return new Promise((resolve) => waiting.push(resolve));
  }

  function giveBack(thread: Thread): void {
    const next = waiting.shift();
    if (next === undefined) idle.push(thread);
    else next(thread);
  }

  return {
    atATime: threads + 1,
    async check(from, to, sizes) {
      const thread = await borrow();
      try {
        return await thread.check({ from, to, sizes });
      } finally {
        giveBack(thread);
      }
    },
    async close() {
      await Promise.all(started.map((thread) => thread.end()));
    },
  };
}

interface Thread {
  check(request: SegmentRequest): Promise<Segment | null>;
  end(): Promise<void>;
}

function startThread(url: string): Thread {
  const worker = new Worker(new URL('./segment-worker.ts', import.meta.url), {
    workerData: url,
    name: 'audit',
    // Four hashes an event live for a moment each: with room for them a quarter of the time is saved.
    resourceLimits: { maxYoungGenerationSizeMb: 192 },
  });
  let pending: PromiseWithResolvers<FromSegmentWorker> | null = null;
  worker.on('message', (message) => pending?.resolve(fromSegmentWorker(message)));
  worker.on('error', (error) => pending?.reject(error));
  return {
    async check(request) {
      pending = Promise.withResolvers();
      worker.postMessage(request);
      const answer = await pending.promise;
      if (answer.kind === 'segment') return answer.segment;
      throw new Fault(answer.code, answer.message, { retryable: answer.retryable });
    },
    async end() {
      await worker.terminate();
    },
  };
}
