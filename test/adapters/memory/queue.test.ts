import { createDrivenClock } from '#adapters/memory/driven-clock.ts';
import { createMemoryQueue } from '#adapters/memory/queue.ts';
import { queueContract } from '../../contracts/queue.ts';

queueContract('memory', async () => {
  const clock = createDrivenClock(1_800_000_000_000);
  const queue = createMemoryQueue({ clock, leaseMs: 500 });
  return {
    queue: () => queue,
    // All of it is one process.
    another: async () => ({ ...queue, close: async () => {} }),
    now: clock.now,
    pass: clock.advance,
    flush: async () => queue.flush(),
    crashWhileHandling: async (wake) => {
      const taken = Promise.withResolvers<void>();
      await queue.consume(() => {
        taken.resolve();
        return new Promise(() => {});
      }, 1);
      await queue.wake(wake, null);
      await clock.advance(1);
      await taken.promise;
      queue.crash();
    },
    close: queue.close,
  };
});
